package dev.resound.web;

import dev.resound.lifecycle.StartFailure;
import dev.resound.telemetry.LoopTelemetry;
import dev.resound.websocket.Feed;
import dev.resound.websocket.Surroundings;
import dev.resound.websocket.WebSocketEndpoint;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The public port, once for each event loop: the client page, and the WebSocket path. All instances share the port; a
 * connection stays with the instance, and so with the event loop, that accepted it.
 */
public final class WebVerticle extends VerticleBase {

    private static final int ACCEPT_BACKLOG = 4096;

    private final WebShared shared;
    private final LoopTelemetry telemetry;
    private final WebSocketEndpoint endpoint;
    private volatile int actualPort;

    /**
     * @param telemetry counts what happens on this instance's event loop
     * @param feed tells connections what is counted
     */
    public WebVerticle(WebShared shared, LoopTelemetry telemetry, Feed feed) {
        this.shared = shared;
        this.telemetry = telemetry;
        this.endpoint = new WebSocketEndpoint(
                shared.webSocket(),
                shared.lifecycle()::refusing,
                shared.admission(),
                new Surroundings(telemetry, feed));
    }

    @Override
    public Future<?> start() {
        telemetry.start(vertx);
        var waiting = new WaitingRoom(shared.waitingPlaces());
        Duration deadline = shared.webSocket().get().handshakeTimeout();
        return vertx.createHttpServer(options())
                .connectionHandler(connection -> {
                    RequestDeadline.watch(connection, deadline, waiting);
                    RequestVersion.check(connection);
                })
                .invalidRequestHandler(PublicRouter::refuseInvalid)
                .requestHandler(PublicRouter.create(vertx, shared, endpoint))
                .listen(address())
                .onSuccess(server -> actualPort = server.actualPort())
                .recover(cause -> Future.failedFuture(StartFailure.cannotListen(
                        "http", shared.http().host(), shared.http().port(), cause)));
    }

    @Override
    public Future<?> stop() {
        telemetry.stop();
        return Future.succeededFuture();
    }

    /** The port that is listened on, once started. */
    public int actualPort() {
        return actualPort;
    }

    /**
     * Closes this instance's connections with 1001, spread over a period; any thread may call it.
     *
     * @return completes when the last of them has ended
     */
    public Future<Void> drain(Duration period) {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(go -> endpoint.connections().drain(vertx, period).onComplete(drained));
        return drained.future();
    }

    private SocketAddress address() {
        HttpSettings http = shared.http();
        return http.port() == 0
                ? SocketAddress.sharedRandomPort(1, http.host()) // All instances get the same one.
                : SocketAddress.inetSocketAddress(http.port(), http.host());
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setAcceptBacklog(ACCEPT_BACKLOG)
                .setUseProxyProtocol(shared.http().proxyProtocol())
                .setProxyProtocolTimeout(
                        shared.webSocket().get().handshakeTimeout().toMillis())
                .setProxyProtocolTimeoutUnit(TimeUnit.MILLISECONDS)
                // With HTTP/2 in clear text allowed, Vert.x waits for the first bytes before there is a connection to
                // watch.
                .setHttp2ClearTextEnabled(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }
}
