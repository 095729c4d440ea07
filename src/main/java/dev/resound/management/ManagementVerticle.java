package dev.resound.management;

import dev.resound.lifecycle.Lifecycle;
import dev.resound.lifecycle.StartFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;

/** The private port: {@code /metrics}, {@code /livez} and {@code /readyz}. */
public final class ManagementVerticle extends VerticleBase {

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
        var options = new HttpServerOptions().setHost(settings.host()).setPort(settings.port());
        return vertx.createHttpServer(options)
                .requestHandler(router())
                .listen()
                .onSuccess(server -> actualPort = server.actualPort())
                .recover(cause -> Future.failedFuture(
                        StartFailure.cannotListen("management", settings.host(), settings.port(), cause)));
    }

    /** The port that is listened on, once started. */
    public int actualPort() {
        return actualPort;
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.get("/livez").handler(context -> context.response().end("ok\n"));
        router.get("/readyz").handler(context -> {
            boolean ready = lifecycle.ready();
            context.response().setStatusCode(ready ? 200 : 503).end(ready ? "ok\n" : "not ready\n");
        });
        router.get("/metrics").handler(context -> {
            var exposition = metrics.expose(context.request().getHeader("Accept"));
            context.response()
                    .putHeader("Content-Type", exposition.contentType())
                    .end(exposition.body());
        });
        return router;
    }
}
