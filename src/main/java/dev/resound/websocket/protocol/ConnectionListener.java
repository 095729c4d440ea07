package dev.resound.websocket.protocol;

/** Follows one {@link Connection} from its start to its end, on the connection's thread. */
public interface ConnectionListener {

    /** The connection is open; {@link #closed} follows exactly once. */
    void opened(Connection connection);

    /** A fault of this service ends the connection. */
    void failed(Throwable fault);

    /** The transport has ended; nothing follows. */
    void closed(Connection connection, ConnectionEnd end);
}
