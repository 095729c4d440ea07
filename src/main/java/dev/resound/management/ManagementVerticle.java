package dev.resound.management;

import dev.resound.http.netty.ConnectionGuard;
import dev.resound.lifecycle.Lifecycle;
import dev.resound.lifecycle.StartFailure;
import dev.resound.transport.Transports;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.function.Function;

/** The private port: {@code /metrics}, {@code /livez} and {@code /readyz}. */
public final class ManagementVerticle extends VerticleBase {

    /** The time limit for the request, and again for the response: the default scrape timeout of Prometheus. Probes are much faster. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Concurrent connections: probes, scrapes and a few people. Above that, the oldest one is closed. */
    private static final int MAX_CONNECTIONS = 64;

    private final ManagementSettings settings;
    private final Lifecycle lifecycle;
    private final Function<String, Future<String>> metrics;
    private volatile int actualPort;

    /** @param metrics returns all metrics as text, in the format of a content type; called from any thread */
    public ManagementVerticle(
            ManagementSettings settings, Lifecycle lifecycle, Function<String, Future<String>> metrics) {
        this.settings = settings;
        this.lifecycle = lifecycle;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        ConnectionGuard guard = ConnectionGuard.ofPort(new ConnectionGuard.Rules(
                () -> DEADLINE, () -> MAX_CONNECTIONS, lifecycle::draining, () -> false, false, false));
        var options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                // If clear-text HTTP/2 were enabled, Vert.x would announce a connection only after its first bytes.
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

    /** The bound port, once started. */
    public int actualPort() {
        return actualPort;
    }
}
