package dev.resound.management;

import dev.resound.http.Problem;
import dev.resound.http.netty.HttpDate;
import dev.resound.lifecycle.Lifecycle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the private port. */
final class ManagementRouter {

    private static final Logger log = LoggerFactory.getLogger(ManagementRouter.class);

    private final Lifecycle lifecycle;
    private final Function<String, Future<String>> metrics;

    private ManagementRouter(Lifecycle lifecycle, Function<String, Future<String>> metrics) {
        this.lifecycle = lifecycle;
        this.metrics = metrics;
    }

    static Router create(Vertx vertx, Lifecycle lifecycle, Function<String, Future<String>> metrics) {
        var routes = new ManagementRouter(lifecycle, metrics);
        Router router = Router.router(vertx);
        router.route().handler(ManagementRouter::commonHeaders);
        router.route("/livez").handler(ManagementRouter::onlyReading).handler(ManagementRouter::live);
        router.route("/readyz").handler(ManagementRouter::onlyReading).handler(routes::ready);
        router.route("/metrics").handler(ManagementRouter::onlyReading).handler(routes::metrics);
        router.route().last().handler(context -> problem(context, 404, "nothing is served at this path"));
        router.route().failureHandler(ManagementRouter::failed);
        return router;
    }

    /** Answers a request that is not valid HTTP; such a request never reaches a route. */
    static void refuseInvalid(HttpServerRequest request) {
        Problem.ofInvalid(request).respondAndClose(request);
    }

    /** Each connection serves one request: for a client that asks every few seconds, keep-alive has no benefit. */
    private static void commonHeaders(RoutingContext context) {
        context.response()
                .putHeader("Date", HttpDate.now())
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Connection", "close");
        context.next();
    }

    private static void onlyReading(RoutingContext context) {
        HttpMethod method = context.request().method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            context.next();
        } else {
            context.response().putHeader("Allow", "GET, HEAD");
            problem(context, 405, "only GET and HEAD are allowed");
        }
    }

    private static void live(RoutingContext context) {
        text(context, "live\n");
    }

    private void ready(RoutingContext context) {
        if (lifecycle.ready()) {
            text(context, "ready\n");
        } else {
            problem(context, 503, "the service is " + lifecycle.state().name().toLowerCase(Locale.ROOT));
        }
    }

    private void metrics(RoutingContext context) {
        var format = ExpositionFormat.preferredIn(context.parsedHeaders().accept());
        metrics.apply(format.contentType())
                .onSuccess(body -> answer(context, format.contentType(), Buffer.buffer(body)))
                .onFailure(context::fail);
    }

    private static void text(RoutingContext context, String body) {
        answer(context, "text/plain; charset=utf-8", Buffer.buffer(body));
    }

    private static void problem(RoutingContext context, int status, String detail) {
        Problem.of(status, detail).respondAndClose(context.request());
    }

    private static void answer(RoutingContext context, String contentType, Buffer body) {
        context.response().putHeader("Content-Type", contentType).end(body);
    }

    private static void failed(RoutingContext context) {
        if (context.failure() != null) {
            log.error("a management request failed", context.failure());
        }
        if (!context.response().ended()) {
            int status = context.statusCode() >= 400 ? context.statusCode() : 500;
            problem(context, status, status == 500 ? "internal error" : "the request cannot be served");
        }
    }
}
