package dev.resound.page;

import dev.resound.http.Problem;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves the client page and the dashboard from memory. The static handler of Vert.x Web would unpack a jar's resources to disk, and this
 * service writes nothing to disk. A request's path is only looked up in a map, so no directory can be listed and no path can escape.
 */
public final class StaticAssets {

    private static final String ROOT = "/webroot/";
    private static final String INDEX = "index.html";
    private static final String DASHBOARD = "dashboard.html";
    private static final String ASYNC_API = "asyncapi.json";

    /** All files of the folder. A folder inside a jar cannot be listed. */
    private static final List<String> FILES = List.of(
            INDEX,
            DASHBOARD,
            ASYNC_API,
            "telemetry.v1.schema.json",
            "fleet.v1.schema.json",
            "style.css",
            "favicon.svg",
            "favicon-problem.svg",
            "amounts.js",
            "close-codes.js",
            "connection.js",
            "idle-timeouts.js",
            "untrusted.js",
            "client/app.js",
            "client/closing.js",
            "client/compare.js",
            "client/composer.js",
            "client/continuous.js",
            "client/details.js",
            "client/diagnosis.js",
            "client/dom.js",
            "client/echoes.js",
            "client/explain-request.js",
            "client/explain.js",
            "client/fault-query.js",
            "client/faults.js",
            "client/file.js",
            "client/flow-ledger.js",
            "client/flow-message.js",
            "client/flow.js",
            "client/history.js",
            "client/http-version.js",
            "client/latency-chart.js",
            "client/latency.js",
            "client/link.js",
            "client/log-controls.js",
            "client/log-detail.js",
            "client/log-file.js",
            "client/log-row.js",
            "client/log.js",
            "client/page-life.js",
            "client/payload.js",
            "client/ping-controls.js",
            "client/pinger.js",
            "client/probe-chart.js",
            "client/probe-clock.js",
            "client/probe-loader.js",
            "client/probe-plan.js",
            "client/probe-text.js",
            "client/probe-trial.js",
            "client/probe-verdict.js",
            "client/probe-view.js",
            "client/probe.css",
            "client/probe.js",
            "client/protocols.js",
            "client/reconnecting.js",
            "client/round-trips-view.js",
            "client/round-trips.js",
            "client/saved-messages.js",
            "client/state-view.js",
            "client/svg.js",
            "client/tools.css",
            "client/traffic.js",
            "client/log.css",
            "dashboard/alerts.js",
            "dashboard/allowance.js",
            "dashboard/chart-group.js",
            "dashboard/charts.js",
            "dashboard/dashboard.css",
            "dashboard/dashboard.js",
            "dashboard/events.js",
            "dashboard/facts.js",
            "dashboard/feed-ends.js",
            "dashboard/feed-messages.js",
            "dashboard/feed.js",
            "dashboard/fleet-messages.js",
            "dashboard/fleet-panel.js",
            "dashboard/history.js",
            "dashboard/marks.js",
            "dashboard/measures.js",
            "dashboard/numbers.js",
            "dashboard/panel.js",
            "dashboard/summary.js",
            "dashboard/time-controls.js",
            "dashboard/timeline.js");

    /** The files of the chart library by the path they are served at. */
    private static final Map<String, String> CHART_LIBRARY =
            Map.of("/lib/uplot.js", "dist/uPlot.esm.js", "/lib/uplot.css", "dist/uPlot.min.css");

    /** Redirects for likely misspellings of a page. They are relative, so that a proxy's path prefix stays. */
    private static final Map<String, String> REDIRECTS = Map.of("/dashboard/", "../dashboard");

    private static final String DEFAULT_PATH = "/ws";

    private static final String ALLOWED_METHODS = "GET, HEAD";

    /**
     * Allows only our own files. The page may open a WebSocket to any server, because its URL box is for that; foreign scripts, which
     * could abuse it, are not loaded.
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
     * Reads no file yet.
     *
     * @param webSocketPath the path that the pages connect to by default and that the AsyncAPI document describes
     */
    public StaticAssets(String webSocketPath) {
        this.webSocketPath = webSocketPath;
    }

    /**
     * Reads the files from the class path. Otherwise the first request does it. It blocks, and the start need not wait for it.
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
        CHART_LIBRARY.forEach((path, file) -> assetsByPath.put(path, Asset.readWebJar("uplot", file)));
        return assetsByPath;
    }

    /** Adds a route that serves the files and passes on requests for other paths. */
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

    /** The path is relative to the page, so that both work behind a proxy's path prefix. */
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
                // Cached, but revalidated on each use, so that a new version appears at once.
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
