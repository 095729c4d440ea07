package dev.resound.test;

import dev.resound.config.ConfigurationReader;
import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
import dev.resound.websocket.ConnectionLimits;
import dev.resound.websocket.WebSocketEndpoint;
import dev.resound.websocket.WebSocketSettings;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.Refusal;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/** The WebSocket endpoint alone, on an HTTP server of its own with one event loop, and what its observer was told. */
public final class ObservedServer implements AutoCloseable {

    private static final int PLACES = 32_768;

    public final RecordingObserver observer = new RecordingObserver();
    public final ScriptedFeed feed = new ScriptedFeed();
    public final AtomicBoolean draining = new AtomicBoolean();
    public final ConnectionLimits limits =
            new ConnectionLimits(configured -> configured == 0 ? PLACES : configured, () -> false);
    /** Called with the channel of each connection that is accepted, on its event loop. */
    public volatile Consumer<Channel> onConnection = channel -> {};

    private final Vertx vertx;
    private final Context context;
    private final WebSocketEndpoint endpoint;
    private final int port;

    private ObservedServer(Transport transport, WebSocketSettings settings) {
        vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(1))
                .withTransport(transport)
                .build();
        context = vertx.getOrCreateContext();
        endpoint = new WebSocketEndpoint(() -> settings, draining::get, limits, observer, feed);
        Promise<Integer> listening = Promise.promise();
        context.runOnContext(go -> vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setHttp2ClearTextEnabled(false) // As on the public port.
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setPerFrameWebSocketCompressionSupported(false))
                .connectionHandler(connection -> onConnection.accept(((ConnectionBase) connection).channel()))
                .requestHandler(this::handle)
                .listen()
                .map(server -> server.actualPort())
                .onComplete(listening));
        port = listening.future().await();
    }

    /**
     * Starts one.
     *
     * @param keysAndValues settings of {@code websocket}, in turn, as in the configuration file */
    public static ObservedServer start(String... keysAndValues) {
        return start(Transport.NIO, keysAndValues);
    }

    public static ObservedServer start(Transport transport, String... keysAndValues) {
        return new ObservedServer(transport, settings(keysAndValues));
    }

    /** A transport that starts here; where it does not, the test is skipped. */
    public static Transport available(TransportChoice choice) {
        try {
            return Transports.select(choice);
        } catch (RuntimeException absent) {
            Assumptions.abort(String.valueOf(absent.getMessage()));
            throw absent;
        }
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

    private static void answer(HttpServerRequest request, Refusal refusal) {
        refusal.answerHeaders().forEach(request.response()::putHeader);
        request.response().setStatusCode(refusal.status()).end();
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

    /** A WebSocket client of this server. */
    public WireClient open() {
        return WireClient.open(port);
    }

    @Override
    public void close() {
        context.runOnContext(go -> feed.close());
        vertx.close().await();
    }
}
