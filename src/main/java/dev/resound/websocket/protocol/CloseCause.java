package dev.resound.websocket.protocol;

import java.util.Locale;

/**
 * Why a connection ended. The log, the metric label and the event on the bus all use this closed set. Every connection
 * ends exactly once, with exactly one cause. A close code that a client sends never becomes a label.
 */
public enum CloseCause {
    /** The client sent a Close frame and got it back with the client's own code (RFC 6455 section 5.5.1). */
    CLIENT(CloseCode.ABNORMAL),
    /**
     * Nothing arrived from the client for the idle timeout (2*X): Close 1001, best effort, then the TCP connection is
     * closed.
     */
    IDLE(CloseCode.GOING_AWAY),
    /** The service is shutting down: Close 1001. */
    DRAIN(CloseCode.GOING_AWAY),
    /** The client did not read its output for longer than the 2*X rule allows. */
    SLOW_CONSUMER(CloseCode.ABNORMAL),
    /** The client broke the framing protocol: Close 1002. */
    PROTOCOL_ERROR(CloseCode.PROTOCOL_ERROR),
    /** A text message or a close reason is not UTF-8: Close 1007. */
    INVALID_PAYLOAD(CloseCode.INVALID_PAYLOAD),
    /** A frame is larger than {@code max-frame-size}: Close 1009. */
    TOO_BIG(CloseCode.TOO_BIG),
    /** The TCP connection ended without a Close frame. */
    NETWORK(CloseCode.ABNORMAL),
    /** The client had requested a fault that ended the connection. */
    FAULT(CloseCode.ABNORMAL),
    /** An internal error of this service: Close 1011. */
    ERROR(CloseCode.INTERNAL_ERROR);

    private final int code;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    CloseCause(int code) {
        this.code = code;
    }

    /** The status code that the service sends for this cause; 1006 if it sends no Close frame of its own. */
    public int code() {
        return code;
    }

    /** The name in logs, labels and events, for example {@code slow-consumer}. */
    public String label() {
        return label;
    }
}
