package dev.resound.websocket.protocol;

import java.util.Locale;

/**
 * Why a connection ended. The log, the metric label and the event on the bus all use this closed set. Every connection
 * ends exactly once, with exactly one cause. A close code that a client sends never becomes a label.
 */
public enum CloseCause {
    /** The client sent a Close frame and got it back (RFC 6455 section 5.5.1). */
    CLIENT,
    /**
     * Nothing arrived from the client for the idle timeout (2*X): Close 1001, best effort, then the TCP connection is
     * closed.
     */
    IDLE,
    /** The service is shutting down: Close 1001. */
    DRAIN,
    /** The client did not read its output for longer than the 2*X rule allows. */
    SLOW_CONSUMER,
    /** The client broke the framing protocol: Close 1002. */
    PROTOCOL_ERROR,
    /** A text message or a close reason is not UTF-8: Close 1007. */
    INVALID_PAYLOAD,
    /** A frame is larger than {@code max-frame-size}: Close 1009. */
    TOO_BIG,
    /** The TCP connection ended without a Close frame. */
    NETWORK,
    /** An internal error of this service: Close 1011. */
    ERROR;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in logs, labels and events, for example {@code slow-consumer}. */
    public String label() {
        return label;
    }
}
