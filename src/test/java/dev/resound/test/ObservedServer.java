package dev.resound.test;

import dev.resound.config.ConfigurationReader;
import dev.resound.http.netty.ConnectionGuard;
import dev.resound.http.netty.GuardedTls;
import dev.resound.tls.Certificates;
import dev.resound.websocket.ConnectionLimits;
import dev.resound.websocket.WebSocketEndpoint;
import dev.resound.websocket.WebSocketSettings;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.netty.HeadroomAllocator;
import dev.resound.websocket.netty.VertxConnections;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http2ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerBuilder;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The WebSocket endpoint alone, on an HTTP server of its own with one event loop, and what its observer was told. */
public final class ObservedServer implements AutoCloseable {

    private static final int PLACES = 32_768;

    /** As on the public port. */
    private static final int HTTP2_STREAMS = 100;

    private static final int HTTP2_STREAM_WINDOW = 32 * 1024;

    /** Headers that HTTP/2 forbids (RFC 9113 8.2.2). */
    private static final Set<String> OF_HTTP1 = Set.of("Connection", "Upgrade");

    public final RecordingObserver observer = new RecordingObserver();
    public final ScriptedFeed feed = new ScriptedFeed();
    public final AtomicBoolean draining = new AtomicBoolean();
    /** Whether clients may request faults. */
    public final AtomicBoolean faults = new AtomicBoolean();

    public final ConnectionLimits limits =
            new ConnectionLimits(configured -> configured == 0 ? PLACES : configured, () -> false);
    /** Called with the channel of each connection that is accepted, on its event loop. */
    public volatile Consumer<Channel> onConnection = channel -> {};

    private final Vertx vertx;
    private final Context context;
    private final WebSocketEndpoint endpoint;
    private final int port;
    private final TestTransport transport;
    private final WebSocketSettings settings;

    private ObservedServer(TestTransport transport, WebSocketSettings settings) {
        this.transport = transport;
        this.settings = settings;
        vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1))
                .withTransport(transport.vertxTransport())
                .build();
        context = vertx.getOrCreateContext();
        endpoint = new WebSocketEndpoint(
                () -> settings,
                draining::get,
                new WebSocketEndpoint.Shared(limits, faults::get, "here", "1.0"),
                observer,
                feed.messages());
        Promise<Integer> listening = Promise.promise();
        context.runOnContext(go -> Future.succeededFuture()
                .compose(onContext -> listen())
                .map(HttpServer::actualPort)
                .onComplete(listening));
        port = listening.future().await();
    }

    private Future<HttpServer> listen() {
        // For HTTP/2, and for TLS, which looks for the guard of its event loop.
        ConnectionGuard guard = ConnectionGuard.ofPublicPort(new ConnectionGuard.Rules(
                () -> Duration.ofMinutes(5), () -> PLACES, () -> false, () -> false, false, settings.http2()));
        if (transport == TestTransport.H2C) {
            guard.acceptClearTextHttp2(context, http2(), this::handle, "http://localhost");
        }
        return builder()
                .build()
                .connectionHandler(connection -> {
                    Channel channel = VertxConnections.channelOf(connection);
                    if (transport.isHttp2()) {
                        guard.watch(connection);
                    } else {
                        HeadroomAllocator.use(channel);
                    }
                    onConnection.accept(channel);
                })
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1");
    }

    /** As on the public port. */
    private HttpServerBuilder builder() {
        HttpServerBuilder builder = vertx.httpServerBuilder();
        if (transport.isEncrypted()) {
            builder.with(Certificates.load(vertx, TestTransport.certificate().tls())
                            .orElseThrow()
                            .options())
                    .with(new GuardedTls());
        }
        var config = new HttpServerConfig(new HttpServerOptions()
                .setSsl(transport.isEncrypted())
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_0))
                .setHttp2ClearTextEnabled(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false));
        config.setHttp2Config(http2());
        return builder.with(config);
    }

    private Http2ServerConfig http2() {
        return new Http2ServerConfig()
                .setMultiplexImplementation(true)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(HTTP2_STREAMS)
                        .setInitialWindowSize(HTTP2_STREAM_WINDOW)
                        .set(RawHttp2.ENABLE_CONNECT_PROTOCOL, settings.http2() ? 1 : 0));
    }

    /**
     * Starts one on NIO.
     *
     * @param keysAndValues settings of {@code websocket}, in turn, as in the configuration file
     */
    public static ObservedServer start(String... keysAndValues) {
        return start(TestTransport.NIO, keysAndValues);
    }

    /**
     * Starts one.
     *
     * @param keysAndValues settings of {@code websocket}, in turn, as in the configuration file
     */
    public static ObservedServer start(TestTransport transport, String... keysAndValues) {
        return new ObservedServer(transport, settings(keysAndValues));
    }

    /** The default settings of {@code websocket} but for these. */
    public static WebSocketSettings settings(String... keysAndValues) {
        Map<String, String> changes = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            changes.put("websocket." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return ConfigurationReader.read(changes).websocket();
    }

    private void handle(HttpServerRequest request) {
        try {
            endpoint.explain(request)
                    .ifPresentOrElse(
                            explanation -> request.response().end(explanation.toBuffer()),
                            () -> endpoint.accept(request).ifPresent(refusal -> answer(request, refusal)));
        } catch (RuntimeException fault) {
            request.response().setStatusCode(500).end(); // As the router of the public port answers.
        }
    }

    /** Without a body; the header {@code detail} has the detail. */
    private static void answer(HttpServerRequest request, Refusal refusal) {
        refusal.answerHeaders().forEach((name, value) -> {
            if (request.version() != HttpVersion.HTTP_2 || !OF_HTTP1.contains(name)) {
                request.response().putHeader(name, value);
            }
        });
        request.response()
                .setStatusCode(refusal.status())
                .putHeader("detail", refusal.detail())
                .end();
    }

    public int port() {
        return port;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** Closes the open connections, spread over a period. */
    public Future<Void> drain(Duration period) {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(go -> endpoint.connections()
                .drain(vertx, ConnectionKind.ECHO, period)
                .compose(echoes -> endpoint.connections().drain(vertx, ConnectionKind.TELEMETRY, Duration.ZERO))
                .onComplete(drained));
        return drained.future();
    }

    /** Has the feed say its newest state. */
    public void say(String state) {
        context.runOnContext(go -> feed.state(state));
    }

    /** Has the feed tell what has happened. */
    public void tell(String event) {
        context.runOnContext(go -> feed.event(event));
    }

    /** A connection to this server, or to a connection core, before its handshake. */
    public WireClient connect() {
        return transport == TestTransport.CORE
                ? new WireClient(new CoreWire(vertx, context, settings.protocol(true), observer))
                : transport.connect(port);
    }

    /** A connection on which a WebSocket was asked for, with these headers beside the usual ones. */
    public WireClient request(String... moreHeaders) {
        return connect().requestUpgrade(moreHeaders);
    }

    /** A WebSocket client of this server, whose handshake has this query. */
    public WireClient openWith(String query, String... moreHeaders) {
        return connect().handshakeAt("/ws?" + query, moreHeaders);
    }

    /** A WebSocket client of this server, whose handshake has these headers beside the usual ones. */
    public WireClient open(String... moreHeaders) {
        return connect().handshake(moreHeaders);
    }

    /** A WebSocket client that lets the server send only so much while the test does not read. */
    public WireClient openWithReceiveBuffer(int bytes) {
        return transport.openWithReceiveBuffer(port, bytes);
    }

    /** Runs a task on the event loop. */
    public void onEventLoop(Runnable task) {
        context.runOnContext(go -> task.run());
    }

    @Override
    public void close() {
        context.runOnContext(go -> feed.close());
        vertx.close().await();
    }
}
