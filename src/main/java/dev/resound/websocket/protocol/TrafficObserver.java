package dev.resound.websocket.protocol;

/**
 * Counts what {@linkplain Connection connections} receive and send. One observer serves all connections of a thread,
 * and only that thread calls it. It must not block, and should only add to plain counters.
 */
public interface TrafficObserver {

    /**
     * Called when the payload of a data frame, or a piece of it, has arrived.
     *
     * @param payloadBytes bytes after decompression, without header and mask
     * @param endOfMessage whether this is the last piece of its message
     */
    void received(MessageType type, int payloadBytes, boolean endOfMessage);

    /** Called when payload was written. The parameters are those of {@link #received}, before compression. */
    void sent(MessageType type, int payloadBytes, boolean endOfMessage);

    /** Called when a keep-alive ping was written. */
    void pingSent();

    /** Called when a pong arrives, solicited or not (RFC 6455 section 5.5.3). */
    void pongReceived();

    /** Called when a pong answers the newest ping, with the nanoseconds between the two. */
    void roundTrip(long nanos);

    /** Called when a connection stops reading because its peer does not read. */
    void backpressurePause();
}
