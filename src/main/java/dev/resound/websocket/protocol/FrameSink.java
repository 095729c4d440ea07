package dev.resound.websocket.protocol;

/** Where a {@link FrameDecoder} puts what it decoded, in the order in which it came. */
public interface FrameSink {

    /** A data frame, or a piece of one. The payload is valid during the call only, unless it is retained. */
    void onData(DataFrame frame);

    /** A ping; it asks for a pong with the same payload (RFC 6455 section 5.5.2). */
    void onPing(byte[] payload);

    /** A pong, asked for or not (section 5.5.3). */
    void onPong(byte[] payload);

    /**
     * A Close frame: the last that is decoded.
     *
     * @param code the status code, {@link CloseCode#NO_STATUS} where the frame was empty
     * @param payload code and reason as they came, empty or valid as section 5.5.1 wants it
     */
    void onClose(int code, byte[] payload);
}
