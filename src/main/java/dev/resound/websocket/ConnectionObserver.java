package dev.resound.websocket;

import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.TrafficObserver;

/**
 * Counts what happens to the handshakes and connections of one event loop, on that event loop's thread: an implementation needs no lock, must not
 * block, and should do no more than add to plain counters. This is all that this package knows of metrics.
 */
public interface ConnectionObserver extends TrafficObserver {

    /** A request for the WebSocket path was answered. */
    void handshake(HandshakeOutcome outcome);

    /** A connection opened; {@link #closed} follows exactly once. */
    void opened(ConnectionInfo connection);

    /** The transport of a connection has ended; nothing follows. */
    void closed(ConnectionInfo connection, ConnectionEnd end);
}
