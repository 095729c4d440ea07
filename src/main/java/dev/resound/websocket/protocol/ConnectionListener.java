package dev.resound.websocket.protocol;

/** Receives the lifecycle events of one {@link Connection}, on the connection's thread. */
public interface ConnectionListener {

    /** Called when the connection opens. {@link #closed} follows exactly once. */
    void opened(Connection connection);

    /** Called when an internal error ends the connection. */
    void failed(Throwable fault);

    /** Called when the transport has ended. Nothing follows. */
    void closed(Connection connection, ConnectionEnd end);
}
