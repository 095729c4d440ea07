package dev.resound.http.netty;

import dev.resound.ip.IpAddress;
import dev.resound.ip.IpNetwork;
import dev.resound.websocket.netty.VertxConnections;
import io.netty.channel.Channel;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.Http2ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Guards the connections of one port on one event loop, from accept until they close or become WebSockets. Call it only
 * on that event loop.
 */
public final class ConnectionGuard {

    /**
     * The rules of a port.
     *
     * @param deadline how long a client may take for each step: to send a request, counted from the accept or from the
     *     previous response, and to take the response
     * @param places the current limit of connections and HTTP/2 streams without a WebSocket on this event loop
     * @param terminating whether the service is terminating; if so, each response is the last one of its connection
     * @param overloaded whether memory is short; if so, HTTP/2 streams are refused
     * @param proxyProtocol whether a connection begins with a PROXY protocol header
     * @param http2WebSockets whether an HTTP/2 stream can become a WebSocket
     */
    public record Rules(
            Supplier<Duration> deadline,
            IntSupplier places,
            BooleanSupplier terminating,
            BooleanSupplier overloaded,
            boolean proxyProtocol,
            boolean http2WebSockets) {}

    /** An IPv6 client owns a whole network, so the network is counted. */
    private static final int IPV6_PREFIX_LENGTH = 64;

    /** The address of a client that has already disconnected. */
    private static final IpAddress UNKNOWN = new IpAddress(0, 0);

    /** For TLS, whose handlers are created by code that all event loops share. */
    private static final FastThreadLocal<ConnectionGuard> OF_LOOP = new FastThreadLocal<>();

    private final Rules rules;
    private final PendingConnections pending;
    private @Nullable ClearTextHttp2 clearTextHttp2;

    private ConnectionGuard(Rules rules) {
        this.rules = rules;
        this.pending = new PendingConnections(rules.places());
    }

    /** Creates a guard for the calling event loop. */
    public static ConnectionGuard ofPort(Rules rules) {
        return new ConnectionGuard(rules);
    }

    /** Creates a guard for the calling event loop and its TLS connections; at most one per event loop. */
    public static ConnectionGuard ofPublicPort(Rules rules) {
        var guard = new ConnectionGuard(rules);
        OF_LOOP.set(guard);
        return guard;
    }

    /**
     * Accepts HTTP/2 in clear text on the connections that are not TLS.
     *
     * @param context of the event loop
     * @param requests handles the requests
     * @param origin of the server, for URLs without an authority
     */
    public void acceptClearTextHttp2(
            Context context, Http2ServerConfig config, Handler<HttpServerRequest> requests, String origin) {
        clearTextHttp2 = new ClearTextHttp2((ContextInternal) context, this, config, requests, origin);
    }

    Optional<ClearTextHttp2> clearTextHttp2() {
        return Optional.ofNullable(clearTextHttp2);
    }

    static ConnectionGuard ofThisLoop() {
        return OF_LOOP.get();
    }

    /** Guards a new connection; a handler for {@link io.vertx.core.http.HttpServer#connectionHandler}. */
    public void watch(HttpConnection connection) {
        Channel channel = VertxConnections.channelOf(connection);
        if (connection.protocolVersion() == HttpVersion.HTTP_2) {
            Http2Gate.install(channel, this);
        } else {
            Http1Gate.install(channel, this);
        }
    }

    /** Closes connections until the current limit holds. */
    public void trim() {
        pending.trim();
    }

    /** The number of pending connections and streams. */
    public int waiting() {
        return pending.size();
    }

    Rules rules() {
        return rules;
    }

    PendingConnections pending() {
        return pending;
    }

    /** The client to count a connection for: the source in its PROXY header, or its TCP peer. */
    static IpNetwork clientOf(Channel channel) {
        IpAddress fromHeader = channel.attr(ProxyHeader.CLIENT).get();
        return Optional.ofNullable(fromHeader)
                .or(() -> channel.remoteAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
                        ? IpAddress.parse(peer.getAddress().getHostAddress())
                        : Optional.empty())
                .orElse(UNKNOWN)
                .key(IPV6_PREFIX_LENGTH);
    }
}
