package dev.resound.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.Metric;
import dev.resound.websocket.handshake.Subprotocol;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tables of the protocol against the code and the AsyncAPI document, whose codes and statuses {@code AsyncApiIT} plays. */
class ProtocolTest {

    private static final Markdown PROTOCOL = Markdown.read("src/docs/protocol.md");

    private static JsonObject described;

    @BeforeAll
    static void read() throws IOException {
        described = new JsonObject(Files.readString(Path.of("src/main/resources/webroot/asyncapi.json")));
    }

    @Test
    void the_outcomes_are_those_of_the_code_with_their_status() {
        List<List<String>> rows = PROTOCOL.rows("outcome", "status", "when");
        assertThat(rows)
                .extracting(cells -> Markdown.plain(cells.getFirst()))
                .isEqualTo(Metric.Label.OUTCOME.closedSet());
        assertThat(rows)
                .map(cells -> cells.get(1).equals("requested") ? "null" : cells.get(1))
                .isEqualTo(objects("x-handshake-outcomes")
                        .map(outcome -> String.valueOf(outcome.getInteger("status")))
                        .toList());
    }

    @Test
    void the_causes_are_those_of_the_code_with_their_code() {
        List<List<String>> rows = PROTOCOL.rows("cause", "code", "when");
        assertThat(rows)
                .extracting(cells -> Markdown.plain(cells.getFirst()))
                .isEqualTo(Metric.Label.CAUSE.closedSet());
        assertThat(rows)
                .map(cells -> cells.get(1).matches("none|requested|the client's") ? "null" : cells.get(1))
                .isEqualTo(objects("x-close-causes")
                        .map(cause -> String.valueOf(cause.getInteger("code")))
                        .toList());
    }

    @Test
    void the_subprotocols_are_those_of_the_code() {
        assertThat(PROTOCOL.rows("`Sec-WebSocket-Protocol`", "what the client gets"))
                .extracting(cells -> Markdown.plain(cells.getFirst()))
                .containsExactlyElementsOf(Stream.concat(
                                Stream.of("none, or only unknown names"),
                                Stream.of(Subprotocol.values()).map(Subprotocol::token))
                        .toList());
    }

    private static Stream<JsonObject> objects(String member) {
        return described.getJsonArray(member).stream().map(JsonObject.class::cast);
    }
}
