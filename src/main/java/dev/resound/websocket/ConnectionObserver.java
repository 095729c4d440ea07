package dev.resound.websocket;

import dev.resound.websocket.fault.Fault;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.TrafficObserver;

/**
 * Counts the handshakes and connections of one event loop, on that event loop. An implementation needs no lock, must
 * not block, and should only add to plain counters. This package knows nothing else about metrics.
 */
public interface ConnectionObserver extends TrafficObserver {

    /** Called when a request for the WebSocket path was answered. */
    void handshake(HttpProtocol http, HandshakeOutcome outcome);

    /** Called when a connection without keep-alive is accepted, before {@link #opened}. */
    void probe();

    /** Called for each fault of a handshake that is accepted, or refused because of the fault. */
    void fault(Fault fault);

    /** Called when a connection opens. {@link #closed} follows exactly once. */
    void opened(ConnectionInfo connection);

    /** Called when the transport of a connection has ended. Nothing follows. */
    void closed(ConnectionInfo connection, ConnectionEnd end);
}
