package dev.resound.websocket.protocol;

/**
 * Counts what {@linkplain Connection connections} receive and send. One for all connections of a thread, which alone calls it; it must not
 * block, and should do no more than add to plain counters.
 */
public interface TrafficObserver {

    /**
     * Payload of a data frame, or a piece of it, arrived.
     *
     * @param payloadBytes bytes after decompression, without header and mask
     * @param endOfMessage whether this is the last piece of its message
     */
    void received(MessageType type, int payloadBytes, boolean endOfMessage);

    /** Payload of a data frame was written; the parameters are those of {@link #received}, before compression. */
    void sent(MessageType type, int payloadBytes, boolean endOfMessage);

    /** A keep-alive ping was written. */
    void pingSent();

    /** A pong arrived, solicited or not (RFC 6455 section 5.5.3). */
    void pongReceived();

    /** A pong answered our newest ping; the time between the two in nanoseconds. */
    void roundTrip(long nanos);

    /** A connection stopped reading because its peer does not read. */
    void backpressurePause();
}
