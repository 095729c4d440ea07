package dev.resound.http;

import dev.resound.http.netty.HttpDate;
import dev.resound.websocket.WebSocketEndpoint;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.netty.Upgrade;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the public port. */
final class PublicRouter {

    /** Headers that HTTP/2 forbids (RFC 9113 8.2.2). */
    private static final Set<String> OF_HTTP1 = Set.of("Connection", "Upgrade");

    private static final Logger log = LoggerFactory.getLogger(PublicRouter.class);

    private PublicRouter() {}

    static Router create(Vertx vertx, WebVerticle.Shared shared, WebSocketEndpoint endpoint) {
        Router router = Router.router(vertx);
        String path = shared.webSocket().get().path();
        router.route().handler(PublicRouter::date);
        router.route().handler(context -> {
            if (path.equals(context.request().path())) {
                endpoint.explain(context.request())
                        .ifPresentOrElse(
                                explanation -> explain(context, explanation), () -> webSocket(context, endpoint));
            } else if (wantsWebSocket(context.request())) {
                Problem.of(404, "WebSockets are served at " + path).respondAndClose(context.request());
            } else {
                context.next();
            }
        });
        shared.page().accept(router);
        router.route().last().handler(PublicRouter::notFound);
        router.route().failureHandler(context -> {
            boolean ours = context.statusCode() < 400 || context.statusCode() >= 500;
            if (path.equals(context.request().path())) {
                endpoint.answered(
                        HttpProtocol.of(context.request().version()),
                        ours ? HandshakeOutcome.ERROR : HandshakeOutcome.NOT_WEBSOCKET);
            }
            failed(context, ours);
        });
        return router;
    }

    private static void date(RoutingContext context) {
        context.response().putHeader("Date", HttpDate.now());
        context.next();
    }

    private static void webSocket(RoutingContext context, WebSocketEndpoint endpoint) {
        endpoint.accept(context.request()).ifPresent(refusal -> refuse(context, refusal));
    }

    private static void explain(RoutingContext context, JsonObject explanation) {
        context.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(explanation.encodePrettily() + "\n");
    }

    private static boolean wantsWebSocket(HttpServerRequest request) {
        return Upgrade.of(request).isExtendedConnect() || wantsUpgrade(request);
    }

    private static boolean wantsUpgrade(HttpServerRequest request) {
        return request.headers().getAll("Upgrade").stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .anyMatch(protocol -> protocol.strip().equalsIgnoreCase("websocket"));
    }

    private static void notFound(RoutingContext context) {
        Problem.of(404, "nothing is served at this path").respond(context.request());
    }

    /** Names the broken rule, the header or parameter that broke it, and the value found; without {@code found} if the header is absent. */
    private static void refuse(RoutingContext context, Refusal refusal) {
        refusal.answerHeaders().forEach((name, value) -> {
            if (context.request().version() != HttpVersion.HTTP_2 || !OF_HTTP1.contains(name)) {
                context.response().putHeader(name, value);
            }
        });
        var problem = Problem.of(refusal.status(), refusal.detail())
                .with("rule", refusal.outcome().label());
        if (!refusal.header().isEmpty()) {
            problem = problem.with("header", refusal.header());
        }
        if (!refusal.parameter().isEmpty()) {
            problem = problem.with("parameter", refusal.parameter());
        }
        problem = problem.with("found", refusal.found().orElse(null));
        // A proxy may have taken the request for a completed upgrade, and may pass on whatever the client sends next.
        problem.respondAndClose(context.request());
    }

    /** Answers a request that is not valid HTTP; such a request never reaches a route. */
    static void refuseInvalid(HttpServerRequest request) {
        request.response().putHeader("Date", HttpDate.now());
        Problem.ofInvalid(request).respondAndClose(request);
    }

    /** Answers a request that Vert.x Web rejected, for example without a Host header, or that failed because of an error in Resound. */
    private static void failed(RoutingContext context, boolean ours) {
        if (ours) {
            log.error("a request failed", context.failure());
        }
        if (context.response().headWritten()) {
            context.request().connection().close(); // The response has started, so it can only be cut off.
        } else if (ours) {
            Problem.of(500, "internal error").respond(context.request());
        } else if (context.statusCode() == 404) {
            notFound(context);
        } else {
            Problem.of(context.statusCode(), "a request needs one Host header and a path (RFC 9112 3.2)")
                    .respond(context.request());
        }
    }
}
