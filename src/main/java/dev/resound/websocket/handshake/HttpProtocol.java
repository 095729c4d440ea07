package dev.resound.websocket.handshake;

import io.vertx.core.http.HttpVersion;

/** The HTTP protocol under a WebSocket: the closed set of the metric label {@code http}. */
public enum HttpProtocol {
    /** HTTP/1.1. A request with HTTP/1.0, which cannot become a WebSocket, counts here too. */
    HTTP_1("1.1", "GET with Upgrade: websocket, Connection: Upgrade and a Sec-WebSocket-Key (RFC 6455 4.1)"),
    /** HTTP/2. */
    HTTP_2("2", "CONNECT with :protocol websocket, and without Upgrade, Connection and Sec-WebSocket-Key (RFC 8441 5)");

    private final String label;
    private final String handshake;

    HttpProtocol(String label, String handshake) {
        this.label = label;
        this.handshake = handshake;
    }

    /**
     * The protocol of a request.
     *
     * @throws IllegalArgumentException for HTTP/3, which the service does not offer
     */
    public static HttpProtocol of(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0, HTTP_1_1 -> HTTP_1;
            case HTTP_2 -> HTTP_2;
            case HTTP_3 -> throw new IllegalArgumentException("HTTP/3 is not offered");
        };
    }

    /** The version in labels, events and the log. */
    public String label() {
        return label;
    }

    /** The form of a WebSocket handshake over this protocol. */
    String handshake() {
        return handshake;
    }
}
