package dev.resound.http;

import dev.resound.http.netty.InvalidRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An error response (RFC 9457). It is short, names the broken rule and exposes nothing internal.
 *
 * @param status the HTTP status
 * @param body the members of the document
 */
public record Problem(int status, JsonObject body) {

    private static final String CONTENT_TYPE = "application/problem+json";

    /** @param detail the broken rule, for people */
    public static Problem of(int status, String detail) {
        return new Problem(
                status,
                new JsonObject()
                        .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                        .put("status", status)
                        .put("detail", detail));
    }

    /** The problem of a request that Netty's decoder or Resound's rejected. */
    public static Problem ofInvalid(HttpServerRequest request) {
        return switch (request.decoderResult().cause()) {
            case InvalidRequest broken -> of(broken.status(), String.valueOf(broken.getMessage()));
            case TooLongHttpLineException tooLong -> of(414, "the request line is longer than 4096 bytes");
            case TooLongHttpHeaderException tooLong -> of(431, "the header is longer than 8192 bytes");
            default -> of(400, "the request is not valid HTTP/1.1 (RFC 9112)");
        };
    }

    /** Adds a member, unless the value is null. */
    public Problem with(String member, @Nullable String value) {
        return value == null ? this : new Problem(status, body.copy().put(member, value));
    }

    /** Sends it. */
    public void respond(HttpServerRequest request) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", CONTENT_TYPE)
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(body.toBuffer());
    }

    /** Sends it as the last response of an HTTP/1.x connection; on HTTP/2 only the stream ends. */
    public void respondAndClose(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            // A 426 also has the option Upgrade (RFC 9110 7.8).
            boolean upgrade = request.response().headers().contains("Connection", "Upgrade", true);
            request.response().putHeader("Connection", upgrade ? "Upgrade, close" : "close");
        }
        respond(request);
    }
}
