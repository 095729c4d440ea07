package dev.resound.websocket;

import dev.resound.websocket.handshake.HandshakeOutcome;

/**
 * Is told what happens to the connections of one event loop, on that event loop's thread: an implementation needs no lock,
 * must not block, and should do no more than add to plain counters. This is all that this package knows of metrics.
 */
public interface ConnectionObserver {

    /** A request for the WebSocket path was answered. */
    void handshake(HandshakeOutcome outcome);

    /** A handshake was accepted; {@link #closed} follows exactly once. */
    void opened(ConnectionInfo connection);

    /** The TCP connection of a WebSocket has ended; nothing about it follows. */
    void closed(ConnectionInfo connection, ConnectionEnd end);

    /**
     * Payload of a data frame, or a piece of it, has come.
     *
     * @param payloadBytes without header and mask
     * @param endOfMessage whether it was the last of its message
     */
    void received(MessageType type, int payloadBytes, boolean endOfMessage);

    /** Payload of a data frame was written; the parameters are those of {@link #received}. */
    void sent(MessageType type, int payloadBytes, boolean endOfMessage);

    /** A ping of the keep-alive was written. */
    void pingSent();

    /** A pong came, asked for or not (RFC 6455 section 5.5.3). */
    void pongReceived();

    /** A pong answered our ping; the time between the two in nanoseconds. */
    void roundTrip(long nanos);

    /** A connection is not read from any more until its peer reads what is due to it. */
    void backpressurePause();
}
