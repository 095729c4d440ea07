package dev.resound.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The client page and its parts, out of memory. The handler of Vert.x Web for static files unpacks a jar's resources into a
 * temporary directory, and this service writes nothing to disk. A request's path is only ever looked up in a map of the
 * paths that there are, so there is no directory to list and no path to escape from.
 */
public final class StaticAssets {

    private static final String ROOT = "/webroot/";
    private static final String INDEX = "index.html";
    private static final String ASYNC_API = "asyncapi.json";

    /** All files of the folder; a folder on the class path cannot be listed when it is in a jar. */
    private static final List<String> FILES = List.of(
            INDEX,
            "style.css",
            "favicon.svg",
            ASYNC_API,
            "telemetry.v1.schema.json",
            "app.js",
            "close-codes.js",
            "connection.js",
            "echoes.js",
            "log.js",
            "pinger.js");

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

    private final Map<String, Asset> assetsByPath = new HashMap<>();

    /**
     * Reads all files from the class path.
     *
     * @param webSocketPath what the page's URL box names at first, on the server that the page came from, and what the AsyncAPI
     *     document describes
     */
    public StaticAssets(String webSocketPath) {
        FILES.forEach(file -> assetsByPath.put("/" + file, Asset.read(file)));
        assetsByPath.computeIfPresent(
                "/" + INDEX, (path, page) -> page.with(pathAttribute(DEFAULT_PATH), pathAttribute(webSocketPath)));
        assetsByPath.computeIfPresent(
                "/" + ASYNC_API,
                (path, document) -> document.with(addressMember(DEFAULT_PATH), addressMember(webSocketPath)));
        assetsByPath.put("/", assetsByPath.get("/" + INDEX));
    }

    /** Has a router serve the files; requests for other paths go on to its next route. */
    public void mount(Router router) {
        router.route().handler(context -> {
            Asset asset = assetsByPath.get(context.request().path());
            if (asset == null) {
                context.next();
            } else {
                respond(context, asset);
            }
        });
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
            Problem.of(405, "only GET and HEAD are possible here").respond(context.request());
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

    /**
     * One file.
     *
     * @param content never changed, so shared by all event loops
     * @param etag strong: equal only for equal content
     */
    private record Asset(String contentType, Buffer content, String etag) {

        private static final int ETAG_BYTES = 16;

        static Asset read(String file) {
            try (InputStream stream = StaticAssets.class.getResourceAsStream(ROOT + file)) {
                if (stream == null) {
                    throw new IllegalStateException("not on the class path: " + ROOT + file);
                }
                byte[] bytes = stream.readAllBytes();
                return new Asset(contentTypeOf(file), Buffer.buffer(bytes), etagOf(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Asset with(String text, String replacement) {
            byte[] changed = content.toString().replace(text, replacement).getBytes(StandardCharsets.UTF_8);
            return new Asset(contentType, Buffer.buffer(changed), etagOf(changed));
        }

        private static String contentTypeOf(String file) {
            return switch (file.substring(file.lastIndexOf('.'))) {
                case ".html" -> "text/html; charset=utf-8";
                case ".css" -> "text/css; charset=utf-8";
                case ".js" -> "text/javascript; charset=utf-8";
                case ".svg" -> "image/svg+xml; charset=utf-8";
                case ".json" ->
                    file.equals(ASYNC_API)
                            ? "application/vnd.aai.asyncapi+json; version=3.0.0"
                            : "application/schema+json";
                default -> throw new IllegalStateException("no content type known for " + file);
            };
        }

        private static String etagOf(byte[] content) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
                return Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(digest)
                        .substring(0, ETAG_BYTES);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}
