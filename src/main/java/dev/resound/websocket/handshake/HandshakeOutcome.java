package dev.resound.websocket.handshake;

import java.util.Locale;

/** How a request for the WebSocket path was answered: the closed set of the metric label {@code outcome}. */
public enum HandshakeOutcome {
    /** 101: upgraded to a WebSocket. */
    ACCEPTED,
    /** 400: not a WebSocket handshake (RFC 6455 section 4.2.1). */
    NOT_WEBSOCKET,
    /** 426: {@code Sec-WebSocket-Version} is not 13 (RFC 6455 section 4.2.2). */
    VERSION,
    /** 400: {@code Sec-WebSocket-Key} is absent or not 16 bytes in base64. */
    KEY,
    /** 405: the method is not GET. */
    METHOD,
    /** 400: a parameter of the query is not allowed. */
    PARAMETER,
    /** 403: the {@code Origin} is not allowed (RFC 6455 section 10.2). */
    ORIGIN,
    /** 503: too many connections, in total or from this client. */
    CAPACITY,
    /** 503: the service is shutting down. */
    DRAINING,
    /** The status that the client has requested as a fault. */
    FAULT,
    /** 500: an internal error. */
    ERROR;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in logs and labels, for example {@code not-websocket}. */
    public String label() {
        return label;
    }
}
