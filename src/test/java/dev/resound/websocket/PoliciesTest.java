package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.WireClient;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which rules hold for which request, as {@code ?explain} shows it. */
@Timeout(60)
class PoliciesTest {

    private static JsonObject explain(ObservedServer server, String... headers) {
        try (WireClient client = WireClient.tcp(server.port())) {
            return new JsonObject(client.send(WireClient.request(headers).replace("/ws ", "/ws?explain "))
                    .expectStatus(200)
                    .readBody());
        }
    }

    private static final String FEED = "Sec-WebSocket-Protocol: chat, resound.telemetry.v1, resound.echo.v1";
    private static final String ECHO = "Sec-WebSocket-Protocol: resound.echo.v1";
    private static final String ORIGIN = "Origin: https://b.com";

    private static @Nullable String matched(JsonObject explanation) {
        return explanation.getJsonObject("origin").getString("matched");
    }

    @Test
    void the_feed_has_origins_of_its_own() {
        try (var server = ObservedServer.start("allowed-origins", "https://a.com")) {
            server.feed.allowedOrigins = List.of("https://b.com");
            assertThat(matched(explain(server, ORIGIN, FEED))).isEqualTo("https://b.com");
            assertThat(matched(explain(server, ORIGIN, ECHO))).isNull();
            assertThat(matched(explain(server, ORIGIN))).isNull();

            server.feed.allowedOrigins = List.of("https://c.com");
            assertThat(matched(explain(server, ORIGIN, FEED))).as("changed").isNull();
        }
    }

    @Test
    void an_origin_that_is_required_is_required_by_both() {
        try (var server = ObservedServer.start("require-origin", "true")) {
            assertThat(matched(explain(server, FEED))).isNull();
            assertThat(matched(explain(server))).isNull();
        }
    }

    @Test
    void a_feed_that_is_switched_off_is_not_chosen_and_its_origins_do_not_count() {
        try (var server = ObservedServer.start("allowed-origins", "https://b.com")) {
            server.feed.allowedOrigins = List.of("https://a.com");
            server.feed.enabled = false;
            JsonObject explanation = explain(server, ORIGIN, FEED);
            assertThat(matched(explanation)).isEqualTo("https://b.com");
            assertThat(explanation.getJsonObject("protocol").getString("chosen"))
                    .isEqualTo("resound.echo.v1");
        }
    }
}
