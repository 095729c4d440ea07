package dev.resound.websocket.protocol;

/** Receives the frames that a {@link FrameDecoder} decodes, in the order in which they arrived. */
public interface FrameSink {

    /** Receives a data frame or a piece of one. The payload is valid only during the call, unless it is retained. */
    void onData(DataFrame frame);

    /** Receives a ping, which requires a pong with the same payload (RFC 6455 section 5.5.2). */
    void onPing(byte[] payload);

    /** Receives a pong, solicited or not (section 5.5.3). */
    void onPong(byte[] payload);

    /**
     * Receives a Close frame. Nothing after it is decoded.
     *
     * @param code the status code; {@link CloseCode#NO_STATUS} if the frame was empty
     * @param payload code and reason as received; empty or valid by section 5.5.1
     */
    void onClose(int code, byte[] payload);
}
