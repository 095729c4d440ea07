package dev.resound.described;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.lifecycle.BuildInfo;
import dev.resound.telemetry.Metric;
import dev.resound.test.RunningResound;
import dev.resound.websocket.handshake.Subprotocol;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The AsyncAPI document against the code; the specification's own parser has it in {@link AsyncApiIT}. */
class AsyncApiTest {

    private static final Pattern PART = Pattern.compile("\\w+\\.v1\\.schema\\.json#/\\$defs/(\\w+)");

    private static RunningResound resound;
    private static AsyncApi document;

    @BeforeAll
    static void start() throws Exception {
        resound = RunningResound.start("websocket.path", "/real/time");
        document = AsyncApi.of(resound);
    }

    @AfterAll
    static void stop() {
        resound.close();
    }

    @Test
    void it_names_the_path_and_the_version_that_run() {
        assertThat(document.json().getJsonObject("info").getString("version"))
                .isEqualTo(BuildInfo.current().version())
                .isNotEqualTo("unknown");
        assertThat(channels()).hasSize(5).allMatch(channel -> "/real/time".equals(channel.getString("address")));
    }

    @Test
    void its_causes_and_outcomes_are_those_of_the_code_in_its_order() {
        assertThat(document.causes())
                .extracting(cause -> cause.getString("cause"))
                .isEqualTo(Metric.Label.CAUSE.closedSet());
        assertThat(document.outcomes())
                .extracting(outcome -> outcome.getString("outcome"))
                .isEqualTo(Metric.Label.OUTCOME.closedSet());
    }

    /** Over HTTP/2 there is no key (RFC 8441 5). */
    @Test
    void a_handshake_needs_a_version_but_no_key_and_may_be_a_connect() {
        assertThat(channels()
                        .map(channel -> channel.getJsonObject("bindings")
                                .getJsonObject("ws")
                                .getJsonObject("headers")))
                .hasSize(5)
                .allSatisfy(headers -> {
                    assertThat(headers.getJsonArray("required"))
                            .contains("Sec-WebSocket-Version")
                            .doesNotContain("Sec-WebSocket-Key");
                    assertThat(headers.getString("description")).contains("CONNECT", ":protocol");
                });
    }

    @Test
    void what_it_takes_from_the_json_schema_is_there() {
        List<String> parts = PART.matcher(document.json().encode())
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(parts)
                .containsExactlyInAnyOrder(
                        "hello",
                        "sample",
                        "opened",
                        "closed",
                        "echoHello",
                        "fleetHello",
                        "fleetHistory",
                        "fleetSample");
        assertThat(parts)
                .allSatisfy(part ->
                        assertThat(FeedSchema.publishedOfFleet().part(part)).isNotNull());
    }

    @ParameterizedTest
    @EnumSource(Subprotocol.class)
    void a_sub_protocol_leads_to_one_channel(Subprotocol subprotocol) {
        assertThat(channelsFor(subprotocol.token())).hasSize(1);
        assertThat(channelsFor("chat, " + subprotocol.token())).hasSize(1);
        assertThat(channelsFor(subprotocol.token() + " ,chat")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"chat", "resound.echo.v2", "resound.telemetry.v10", "xresound.echo.v1"})
    void an_unknown_one_leads_to_the_echo(String token) {
        assertThat(channelsFor(token)).containsExactly("Echo");
    }

    /** The titles of the channels whose header matches. */
    private static List<String> channelsFor(String header) {
        return channels()
                .filter(channel -> matches(
                        channel.getJsonObject("bindings")
                                .getJsonObject("ws")
                                .getJsonObject("headers")
                                .getJsonObject("properties")
                                .getJsonObject(Subprotocol.HEADER),
                        header))
                .map(channel -> channel.getString("title"))
                .toList();
    }

    private static boolean matches(JsonObject schema, String header) {
        return schema.containsKey("not")
                ? !matches(schema.getJsonObject("not"), header)
                : Pattern.compile(schema.getString("pattern")).matcher(header).find();
    }

    private static Stream<JsonObject> channels() {
        return document.json().getJsonObject("channels").stream().map(entry -> (JsonObject) entry.getValue());
    }
}
