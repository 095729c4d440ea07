package dev.resound.web;

import dev.resound.http.Problem;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client page, the dashboard and their parts, out of memory. The handler of Vert.x Web for static files unpacks a jar's resources into a
 * temporary directory, and this service writes nothing to disk. A request's path is only ever looked up in a map of the
 * paths that there are, so there is no directory to list and no path to escape from.
 */
public final class StaticAssets {

    private static final String ROOT = "/webroot/";
    private static final String INDEX = "index.html";
    private static final String DASHBOARD = "dashboard.html";
    private static final String ASYNC_API = "asyncapi.json";

    /** All files of the folder; a folder on the class path cannot be listed when it is in a jar. */
    private static final List<String> FILES = List.of(
            INDEX,
            DASHBOARD,
            ASYNC_API,
            "telemetry.v1.schema.json",
            "style.css",
            "favicon.svg",
            "amounts.js",
            "close-codes.js",
            "connection.js",
            "idle-timeouts.js",
            "untrusted.js",
            "client/app.js",
            "client/binary.js",
            "client/closing.js",
            "client/continuous.js",
            "client/details.js",
            "client/dom.js",
            "client/echoes.js",
            "client/explain-request.js",
            "client/explain.js",
            "client/flow-ledger.js",
            "client/flow-message.js",
            "client/flow.js",
            "client/link.js",
            "client/log-controls.js",
            "client/log.js",
            "client/payload.js",
            "client/ping-controls.js",
            "client/pinger.js",
            "client/protocols.js",
            "client/round-trips-view.js",
            "client/round-trips.js",
            "client/state-view.js",
            "client/tools.css",
            "client/traffic.js",
            "dashboard/allowance.js",
            "dashboard/charts.js",
            "dashboard/dashboard.css",
            "dashboard/dashboard.js",
            "dashboard/events.js",
            "dashboard/facts.js",
            "dashboard/feed-ends.js",
            "dashboard/feed-messages.js",
            "dashboard/feed.js",
            "dashboard/history.js",
            "dashboard/measures.js",
            "dashboard/numbers.js",
            "dashboard/panel.js");

    /** Files of the chart library, by the paths that they are served at. */
    private static final Map<String, String> CHART_LIBRARY =
            Map.of("/lib/uplot.js", "dist/uPlot.esm.js", "/lib/uplot.css", "dist/uPlot.min.css");

    /** Where else a reader may look for a page. Relative, so that a proxy's prefix stays. */
    private static final Map<String, String> REDIRECTS = Map.of("/dashboard/", "../dashboard");

    private static final String DEFAULT_PATH = "/ws";

    private static final String ALLOWED_METHODS = "GET, HEAD";

    /**
     * Nothing but our own files. The page may open a WebSocket to any server, because finding out whether it can is what its
     * URL box is for; what could abuse that, a foreign script, does not get in.
     */
    private static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self' ws: wss:",
            "require-trusted-types-for 'script'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'");

    private final String webSocketPath;
    private volatile @Nullable Map<String, Asset> assetsByPath;

    /**
     * Reads nothing yet.
     *
     * @param webSocketPath what the pages connect to unless told otherwise, on the server that they came from, and what the AsyncAPI
     *     document describes
     */
    public StaticAssets(String webSocketPath) {
        this.webSocketPath = webSocketPath;
    }

    /**
     * Has them read from the class path before anybody asks. It takes its time: not for an event loop, nor for a start, which need not
     * wait for it.
     */
    public void prepare() {
        load();
    }

    private synchronized Map<String, Asset> load() {
        Map<String, Asset> known = assetsByPath;
        if (known == null) {
            known = read();
            assetsByPath = known;
        }
        return known;
    }

    private Map<String, Asset> read() {
        Map<String, Asset> assetsByPath = new HashMap<>();
        FILES.forEach(file -> assetsByPath.put("/" + file, Asset.read(ROOT + file)));
        for (String page : List.of(INDEX, DASHBOARD)) {
            assetsByPath.computeIfPresent(
                    "/" + page, (path, asset) -> asset.with(pathAttribute(DEFAULT_PATH), pathAttribute(webSocketPath)));
        }
        assetsByPath.computeIfPresent(
                "/" + ASYNC_API,
                (path, document) -> document.with(addressMember(DEFAULT_PATH), addressMember(webSocketPath)));
        assetsByPath.put("/", assetsByPath.get("/" + INDEX));
        assetsByPath.put("/dashboard", assetsByPath.get("/" + DASHBOARD));
        WebJar uplot = WebJar.of("uplot");
        CHART_LIBRARY.forEach((path, file) -> assetsByPath.put(path, Asset.read(uplot.file(file))));
        return assetsByPath;
    }

    /** Has a router serve the files; requests for other paths go on to its next route. */
    public void mount(Router router) {
        router.route().handler(context -> {
            Map<String, Asset> known = assetsByPath;
            if (known == null) {
                context.vertx()
                        .executeBlocking(this::load)
                        .onSuccess(loaded -> respond(context, loaded))
                        .onFailure(context::fail);
            } else {
                respond(context, known);
            }
        });
    }

    private static void respond(RoutingContext context, Map<String, Asset> assets) {
        String path = context.request().path();
        Asset asset = assets.get(path);
        String elsewhere = REDIRECTS.get(path);
        if (asset != null) {
            respond(context, asset);
        } else if (elsewhere != null) {
            redirect(context, elsewhere);
        } else {
            context.next();
        }
    }

    private static void redirect(RoutingContext context, String elsewhere) {
        String query = context.request().query();
        context.response()
                .setStatusCode(308)
                .putHeader("Location", query == null ? elsewhere : elsewhere + "?" + query)
                .end();
    }

    /** Relative to the page, so that both may stand behind a proxy's prefix. */
    private static String pathAttribute(String path) {
        return "data-web-socket=\"" + path.substring(1) + "\"";
    }

    private static String addressMember(String path) {
        return "\"address\": \"" + path + "\"";
    }

    private static void respond(RoutingContext context, Asset asset) {
        HttpMethod method = context.request().method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            context.response().putHeader("Allow", ALLOWED_METHODS);
            Problem.of(405, "only GET and HEAD are allowed").respond(context.request());
            return;
        }
        context.etag(asset.etag())
                .response()
                // To be kept, but asked for each time: a new version shows at once.
                .putHeader("Cache-Control", "no-cache")
                .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (context.isFresh()) {
            context.response().setStatusCode(304).end();
            return;
        }
        context.response()
                .putHeader("Content-Type", asset.contentType())
                .putHeader("Content-Length", String.valueOf(asset.content().length())) // Vert.x leaves it out for HEAD.
                .end(asset.content());
    }
}
