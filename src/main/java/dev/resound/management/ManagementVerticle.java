package dev.resound.management;

import dev.resound.http.netty.ConnectionGuard;
import dev.resound.lifecycle.Lifecycle;
import dev.resound.lifecycle.StartFailure;
import dev.resound.transport.Transports;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;

/** The private port: {@code /metrics}, {@code /livez} and {@code /readyz}. */
public final class ManagementVerticle extends VerticleBase {

    /** For the request, and again for the response: what Prometheus by default waits for a scrape; probes wait far less. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Connections at a time: probes, scrapes and a few people. Beyond that the eldest ends. */
    private static final int MAX_CONNECTIONS = 64;

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
        ConnectionGuard guard = ConnectionGuard.ofPort(new ConnectionGuard.Rules(
                () -> DEADLINE, () -> MAX_CONNECTIONS, lifecycle::draining, () -> false, false));
        var options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                // With HTTP/2 in clear text allowed, there is no connection to limit before its first bytes.
                .setHttp2ClearTextEnabled(false);
        Transports.listenOn(vertx, settings.host());
        return vertx.createHttpServer(options)
                .connectionHandler(guard::watch)
                .invalidRequestHandler(ManagementRouter::refuseInvalid)
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
}
