package dev.resound.web;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request that is at fault, as RFC 9457 has it: short, naming the broken rule, with nothing internal.
 *
 * @param status the HTTP status
 * @param body the members of the document
 */
record Problem(int status, JsonObject body) {

    static Problem of(int status, String detail) {
        return new Problem(
                status,
                new JsonObject()
                        .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                        .put("status", status)
                        .put("detail", detail));
    }

    Problem with(String member, @Nullable String value) {
        return new Problem(status, body.copy().put(member, value));
    }

    void respond(HttpServerRequest request) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/problem+json")
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(body.toBuffer());
    }
}
