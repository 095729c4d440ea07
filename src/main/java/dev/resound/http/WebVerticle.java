package dev.resound.http;

import dev.resound.http.netty.ConnectionGuard;
import dev.resound.http.netty.GuardedTls;
import dev.resound.lifecycle.Lifecycle;
import dev.resound.lifecycle.StartFailure;
import dev.resound.telemetry.LoopTelemetry;
import dev.resound.tls.Certificates;
import dev.resound.transport.Transports;
import dev.resound.websocket.ServiceMessages;
import dev.resound.websocket.WebSocketEndpoint;
import dev.resound.websocket.WebSocketSettings;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.netty.HeadroomAllocator;
import dev.resound.websocket.netty.VertxConnections;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerBuilder;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public port, one instance per event loop. All instances share the port. A connection stays with the instance that accepted it,
 * and so with its event loop.
 */
public final class WebVerticle extends VerticleBase {

    /**
     * What all instances share. Thread-safe.
     *
     * @param http where to listen
     * @param certificates for TLS; empty for plain text
     * @param webSocket the current WebSocket settings
     * @param lifecycle says whether new connections are refused
     * @param endpoints what the WebSocket endpoints share
     * @param page mounts the static files on the router
     * @param pendingPlaces how many connections and HTTP/2 streams without a WebSocket each event loop may currently hold
     * @param overloaded whether memory is short
     */
    public record Shared(
            HttpSettings http,
            Optional<Certificates> certificates,
            Supplier<WebSocketSettings> webSocket,
            Lifecycle lifecycle,
            WebSocketEndpoint.Shared endpoints,
            Consumer<Router> page,
            IntSupplier pendingPlaces,
            BooleanSupplier overloaded) {}

    private static final int ACCEPT_BACKLOG = 4096;

    /** Concurrent HTTP/2 streams per connection; the page has about 45 files. */
    private static final int MAX_STREAMS = 100;

    /** The bytes that a client may send on an HTTP/2 stream before they are processed. */
    public static final int STREAM_WINDOW = 32 * 1024;

    /**
     * Resets of streams in {@link #RESETS_WINDOW} that Netty permits on one connection, in each direction. The guard has
     * a lower limit for requests.
     */
    private static final int MAX_RESETS = 3000;

    private static final Duration RESETS_WINDOW = Duration.ofSeconds(30);

    /** The setting SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441 3). */
    private static final int ENABLE_CONNECT_PROTOCOL = 8;

    /** While memory is short, a peer that has read nothing for this long is cut. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(WebVerticle.class);

    private final Shared shared;
    private final LoopTelemetry telemetry;
    private final WebSocketEndpoint endpoint;
    private volatile @Nullable HttpServer server;

    /**
     * @param telemetry counts what happens on this instance's event loop
     * @param messages the feeds for dashboards, and the greeting of the echo
     */
    public WebVerticle(Shared shared, LoopTelemetry telemetry, ServiceMessages messages) {
        this.shared = shared;
        this.telemetry = telemetry;
        this.endpoint = new WebSocketEndpoint(
                shared.webSocket(), shared.lifecycle()::refusing, shared.endpoints(), telemetry, messages);
    }

    @Override
    public Future<?> start() {
        ConnectionGuard guard = ConnectionGuard.ofPublicPort(new ConnectionGuard.Rules(
                this::deadline,
                shared.pendingPlaces(),
                shared.lifecycle()::draining,
                shared.overloaded(),
                shared.http().proxyProtocol(),
                http2WebSockets()));
        Router router = PublicRouter.create(vertx, shared, endpoint);
        if (http2WebSockets()) {
            guard.acceptClearTextHttp2(
                    context, http2(), router, "http://" + shared.http().host());
        }
        telemetry.start(vertx, () -> relieve(guard));
        Transports.listenOn(vertx, shared.http().host());
        return builder()
                .build()
                .connectionHandler(connection -> watch(connection, guard))
                // Caused by a client, for example by a failed TLS handshake.
                .exceptionHandler(failure -> log.debug("a connection failed", failure))
                .invalidRequestHandler(PublicRouter::refuseInvalid)
                .requestHandler(router)
                .listen(address())
                .onSuccess(listening -> server = listening)
                .recover(cause -> Future.failedFuture(StartFailure.cannotListen(
                        "http", shared.http().host(), shared.http().port(), cause)));
    }

    @Override
    public Future<?> stop() {
        telemetry.stop();
        return Future.succeededFuture();
    }

    /** The bound port, once started. */
    public int actualPort() {
        return listening().actualPort();
    }

    /** Makes all instances use another certificate from the next connection on. Thread-safe. */
    public Future<?> takeUp(ServerSSLOptions options) {
        // All instances share the port, and so the certificate. If it is invalid, nothing changes.
        return listening().updateSSLOptions(options);
    }

    private HttpServer listening() {
        return Objects.requireNonNull(server, "not started");
    }

    private Duration deadline() {
        return shared.webSocket().get().handshakeTimeout();
    }

    /** Frees memory when it is short: ends connections without a WebSocket, and peers that do not read. */
    private void relieve(ConnectionGuard guard) {
        guard.trim();
        if (shared.overloaded().getAsBoolean()) {
            endpoint.connections().shed(SLOW);
        }
    }

    private static void watch(HttpConnection connection, ConnectionGuard guard) {
        if (connection.protocolVersion() != HttpVersion.HTTP_2) {
            HeadroomAllocator.use(VertxConnections.channelOf(connection));
        }
        guard.watch(connection);
    }

    /**
     * Closes this instance's connections of a kind with 1001, spread over a period. Thread-safe.
     *
     * @return completes when the last connection has ended
     */
    public Future<Void> drain(ConnectionKind kind, Duration period) {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(
                go -> endpoint.connections().drain(vertx, kind, period).onComplete(drained));
        return drained.future();
    }

    /** Publishes what was counted since the last interval. Thread-safe. */
    public Future<Void> publish() {
        Promise<Void> published = Promise.promise();
        context.runOnContext(go -> {
            telemetry.publish();
            published.complete();
        });
        return published.future();
    }

    private SocketAddress address() {
        HttpSettings http = shared.http();
        return http.port() == 0
                ? SocketAddress.sharedRandomPort(1, http.host()) // All instances get the same one.
                : SocketAddress.inetSocketAddress(http.port(), http.host());
    }

    private HttpServerBuilder builder() {
        HttpServerBuilder builder = vertx.httpServerBuilder();
        shared.certificates()
                .ifPresent(certificates -> builder.with(certificates.options()).with(new GuardedTls()));
        var config = new HttpServerConfig(options());
        config.setHttp2Config(http2());
        return builder.with(config);
    }

    private Http2ServerConfig http2() {
        var settings = new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS).setInitialWindowSize(STREAM_WINDOW);
        if (http2WebSockets()) {
            settings.set(ENABLE_CONNECT_PROTOCOL, 1);
        }
        return new Http2ServerConfig()
                // The other implementation stalls when several responses share a connection's window.
                .setMultiplexImplementation(true)
                .setRstFloodMaxRstFramePerWindow(MAX_RESETS)
                .setRstFloodWindowDuration(RESETS_WINDOW)
                .setInitialSettings(settings);
    }

    private boolean http2WebSockets() {
        return shared.webSocket().get().http2();
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setAcceptBacklog(ACCEPT_BACKLOG)
                // All responses are written on the event loop, so no connection needs a queue of 4 KiB for other
                // threads.
                .setStrictThreadMode(true)
                // In clear text, the guard accepts HTTP/2: Vert.x would announce a connection only after its first
                // bytes.
                .setHttp2ClearTextEnabled(false)
                // HTTP/2 by ALPN.
                .setSsl(shared.certificates().isPresent())
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_0))
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }
}
