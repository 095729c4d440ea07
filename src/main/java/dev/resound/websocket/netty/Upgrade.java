package dev.resound.websocket.netty;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.Transport;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;

/**
 * Turns one request into a WebSocket. Call it on the request's event loop.
 *
 * <p>A new transport needs an implementation of this interface, a {@link FrameHandler}, and a gate in
 * {@code dev.resound.http.netty} that limits its requests.
 */
public sealed interface Upgrade permits Http1Upgrade, Http2Upgrade {

    /** Returns the upgrade for a request, whether or not the request is a WebSocket handshake. */
    static Upgrade of(HttpServerRequest request) {
        return Http2Upgrade.streamOf(request)
                .<Upgrade>map(stream -> new Http2Upgrade(request, stream))
                .orElseGet(() -> new Http1Upgrade(request));
    }

    /** Whether the request is an extended CONNECT of HTTP/2 (RFC 8441). */
    boolean isExtendedConnect();

    /**
     * Accepts the handshake.
     *
     * <p>The request must have passed every check, and must not have ended yet.
     *
     * @param connections creates the connection, after the response is written
     */
    void accept(Function<Transport, Connection> connections);

    /** Runs an action on the event loop once the TCP connection or the stream of the request has closed. */
    void onClose(Runnable action);
}
