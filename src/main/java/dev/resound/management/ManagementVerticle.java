package dev.resound.management;

import dev.resound.lifecycle.Lifecycle;
import dev.resound.lifecycle.StartFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;

/** The private port: {@code /metrics}, {@code /livez} and {@code /readyz}. */
public final class ManagementVerticle extends VerticleBase {

    /** From accept to the last byte of the answer: what Prometheus by default waits for a scrape, probes far less. */
    private static final long CONNECTION_MILLIS = 10_000;

    private final ManagementSettings settings;
    private final Lifecycle lifecycle;
    private final MetricsSource metrics;
    private volatile int actualPort;

    public ManagementVerticle(ManagementSettings settings, Lifecycle lifecycle, MetricsSource metrics) {
        this.settings = settings;
        this.lifecycle = lifecycle;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        var options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                // With HTTP/2 in clear text allowed, there is no connection to limit before its first bytes.
                .setHttp2ClearTextEnabled(false);
        return vertx.createHttpServer(options)
                .connectionHandler(this::limit)
                .requestHandler(ManagementRouter.create(vertx, lifecycle, metrics))
                .listen()
                .onSuccess(server -> actualPort = server.actualPort())
                .recover(cause -> Future.failedFuture(
                        StartFailure.cannotListen("management", settings.host(), settings.port(), cause)));
    }

    /** The port that is listened on, once started. */
    public int actualPort() {
        return actualPort;
    }

    /** Neither who is silent, nor who sends or reads drop by drop, holds a connection for longer. */
    private void limit(HttpConnection connection) {
        long timer = vertx.setTimer(CONNECTION_MILLIS, over -> connection.close());
        connection.closeHandler(closed -> vertx.cancelTimer(timer));
    }
}
