package dev.resound.web;

import dev.resound.http.ConnectionGuard;
import dev.resound.http.GuardedTls;
import dev.resound.lifecycle.StartFailure;
import dev.resound.telemetry.LoopTelemetry;
import dev.resound.transport.Transports;
import dev.resound.websocket.Feed;
import dev.resound.websocket.WebSocketEndpoint;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.netty.HeadroomAllocator;
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
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public port, once for each event loop: the client page, and the WebSocket path. All instances share the port; a
 * connection stays with the instance, and so with the event loop, that accepted it.
 */
public final class WebVerticle extends VerticleBase {

    private static final int ACCEPT_BACKLOG = 4096;

    /** HTTP/2 streams at a time on a connection; the page has about 45 files. */
    private static final int MAX_STREAMS = 64;

    /** How often it is looked whether memory is short. */
    private static final long RELIEF_MILLIS = 100;

    /** A peer that has not read anything for so long is cut then. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(WebVerticle.class);

    private final WebShared shared;
    private final LoopTelemetry telemetry;
    private final WebSocketEndpoint endpoint;
    private volatile @Nullable HttpServer server;
    private long relief;

    /**
     * @param telemetry counts what happens on this instance's event loop
     * @param feed tells connections what is counted
     */
    public WebVerticle(WebShared shared, LoopTelemetry telemetry, Feed feed) {
        this.shared = shared;
        this.telemetry = telemetry;
        this.endpoint = new WebSocketEndpoint(
                shared.webSocket(), shared.lifecycle()::refusing, shared.connectionLimits(), telemetry, feed);
    }

    @Override
    public Future<?> start() {
        telemetry.start(vertx);
        ConnectionGuard guard = ConnectionGuard.ofPublicPort(new ConnectionGuard.Rules(
                this::deadline,
                shared.pendingPlaces(),
                shared.lifecycle()::draining,
                shared.overloaded(),
                shared.http().proxyProtocol()));
        relief = vertx.setPeriodic(RELIEF_MILLIS, tick -> relieve(guard));
        Transports.listenOn(vertx, shared.http().host());
        return builder()
                .build()
                .connectionHandler(connection -> watch(connection, guard))
                // A client's: what fails in its TLS handshake, for example.
                .exceptionHandler(failure -> log.debug("a connection failed", failure))
                .invalidRequestHandler(PublicRouter::refuseInvalid)
                .requestHandler(PublicRouter.create(vertx, shared, endpoint))
                .listen(address())
                .onSuccess(listening -> server = listening)
                .recover(cause -> Future.failedFuture(StartFailure.cannotListen(
                        "http", shared.http().host(), shared.http().port(), cause)));
    }

    @Override
    public Future<?> stop() {
        vertx.cancelTimer(relief);
        telemetry.stop();
        return Future.succeededFuture();
    }

    /** The port that is listened on, once started. */
    public int actualPort() {
        return listening().actualPort();
    }

    /** Has all instances use another certificate from the next connection on; any thread may call it. */
    public Future<?> takeUp(ServerSSLOptions options) {
        // They share the port, and with it the certificate. A wrong one changes nothing.
        return listening().updateSSLOptions(options);
    }

    private HttpServer listening() {
        return Objects.requireNonNull(server, "not started");
    }

    private Duration deadline() {
        return shared.webSocket().get().handshakeTimeout();
    }

    /** Gives memory back where it is short: connections that are no WebSockets, and what peers that do not read are due. */
    private void relieve(ConnectionGuard guard) {
        guard.trim();
        if (shared.overloaded().getAsBoolean()) {
            endpoint.connections().shed(SLOW);
        }
    }

    private static void watch(HttpConnection connection, ConnectionGuard guard) {
        if (connection.protocolVersion() != HttpVersion.HTTP_2) {
            HeadroomAllocator.use(ConnectionGuard.channelOf(connection));
        }
        guard.watch(connection);
    }

    /**
     * Closes this instance's connections of a kind with 1001, spread over a period; any thread may call it.
     *
     * @return completes when the last of them has ended
     */
    public Future<Void> drain(ConnectionKind kind, Duration period) {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(
                go -> endpoint.connections().drain(vertx, kind, period).onComplete(drained));
        return drained.future();
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
                .ifPresent(certificates -> builder.with(certificates
                                .options()
                                .setSslHandshakeTimeout(deadline().toMillis())
                                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS))
                        .with(new GuardedTls()));
        var config = new HttpServerConfig(options());
        config.setHttp2Config(new Http2ServerConfig()
                // The other implementation stalls when several responses share a connection's window.
                .setMultiplexImplementation(true)
                .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS)));
        return builder.with(config);
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setAcceptBacklog(ACCEPT_BACKLOG)
                // With HTTP/2 in clear text allowed, Vert.x waits for the first bytes before there is a connection to
                // watch.
                .setHttp2ClearTextEnabled(false)
                // HTTP/2 comes by ALPN, for the page; without extended CONNECT (RFC 8441), so that browsers open their
                // WebSockets on HTTP/1.1.
                .setSsl(shared.certificates().isPresent())
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_0))
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }
}
