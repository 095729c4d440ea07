package dev.resound.http.netty;

import static dev.resound.test.Waiting.await;

import dev.resound.http.Problem;
import dev.resound.test.WireClient;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;

/** An HTTP server with one event loop that answers 200 to all requests, and whose connections are guarded. */
final class GuardedServer implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final ConnectionGuard guard;
    private final int port;

    private GuardedServer(ConnectionGuard.Rules rules) {
        guard = ConnectionGuard.ofPort(rules);
        Promise<Integer> listening = Promise.promise();
        context.runOnContext(go -> vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0).setHttp2ClearTextEnabled(false))
                .connectionHandler(guard::watch)
                .invalidRequestHandler(request -> Problem.ofInvalid(request).respondAndClose(request))
                .requestHandler(request -> request.response().end("served"))
                .listen()
                .map(server -> server.actualPort())
                .onComplete(listening));
        port = listening.future().await();
    }

    /**
     * Starts one whose deadline is far away.
     *
     * @param places how many connections may wait
     */
    static GuardedServer start(int places, boolean proxyProtocol) {
        return new GuardedServer(new ConnectionGuard.Rules(
                () -> Duration.ofMinutes(5), () -> places, () -> false, () -> false, proxyProtocol, true));
    }

    WireClient connect() {
        return WireClient.tcp(port);
    }

    /** Connections that wait now. */
    int waiting() {
        Promise<Integer> waiting = Promise.promise();
        context.runOnContext(go -> waiting.complete(guard.waiting()));
        return waiting.future().await();
    }

    /** Waits until so many connections wait. */
    void awaitWaiting(int expected) {
        await(expected + " connections wait").until(() -> waiting() == expected);
    }

    @Override
    public void close() {
        Future<Void> closed = vertx.close();
        closed.await();
    }
}
