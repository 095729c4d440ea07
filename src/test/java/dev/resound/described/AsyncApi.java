package dev.resound.described;

import dev.resound.test.RunningResound;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/**
 * The AsyncAPI document, as the service gives it out.
 *
 * @param json all of it
 */
record AsyncApi(JsonObject json) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static AsyncApi of(RunningResound resound) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(resound.page().resolve("asyncapi.json")).build();
        return new AsyncApi(new JsonObject(
                HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body()));
    }

    List<JsonObject> causes() {
        return objects("x-close-causes");
    }

    List<JsonObject> outcomes() {
        return objects("x-handshake-outcomes");
    }

    /** The code of the Close frame for a cause. */
    int codeOf(String cause) {
        return find(causes(), "cause", cause).getInteger("code");
    }

    /** The status of the answer to a handshake. */
    int statusOf(String outcome) {
        return find(outcomes(), "outcome", outcome).getInteger("status");
    }

    private static JsonObject find(List<JsonObject> objects, String key, String value) {
        return objects.stream()
                .filter(object -> value.equals(object.getString(key)))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonObject> objects(String member) {
        return json.getJsonArray(member).stream().map(JsonObject.class::cast).toList();
    }
}
