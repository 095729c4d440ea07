package dev.resound.described;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.Metric;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON Schema by itself: it is one, its examples are valid, and what is wrong is not. */
class FeedSchemaTest {

    private static final FeedSchema PUBLISHED = FeedSchema.published();
    private static final FeedSchema STRICT = FeedSchema.strict();

    static Stream<JsonObject> examples() {
        return Stream.of("hello", "sample", "opened", "closed").map(FeedSchemaTest::example);
    }

    private static JsonObject example(String part) {
        return PUBLISHED.part(part).getJsonArray("examples").getJsonObject(0).copy();
    }

    @Test
    void it_is_a_json_schema_of_the_draft_that_it_names() {
        Vertx vertx = Vertx.vertx();
        try {
            OutputUnit result = SchemaRepository.create(FeedSchema.OPTIONS)
                    .preloadMetaSchema(vertx.fileSystem(), Draft.DRAFT202012)
                    .validator(PUBLISHED.json().getString("$schema"))
                    .validate(PUBLISHED.json());
            assertThat(result.getValid()).as(result.toString()).isTrue();
        } finally {
            vertx.close().await();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void its_examples_are_valid_and_hold_nothing_that_it_does_not_describe(JsonObject example) {
        PUBLISHED.assertValid(example);
        STRICT.assertValid(example);
    }

    @Test
    void the_hello_of_the_echo_has_an_example_too() {
        STRICT.only("echoHello").assertValid(example("echoHello"));
        STRICT.only("hello").assertInvalid(example("echoHello"));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void members_of_later_versions_are_valid_and_only_the_strict_reading_finds_them(JsonObject example) {
        example.put("weather", "fine");
        PUBLISHED.assertValid(example);
        STRICT.assertInvalid(example);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connections",
                "connectionsByHttp",
                "messages.received",
                "rates.messages",
                "roundTrip",
                "eventLoopLag",
                "heap"
            })
    void they_may_come_in_every_object(String object) {
        JsonObject sample = example("sample");
        Place.of(sample, object + ".more").put(1);
        PUBLISHED.assertValid(sample);
        STRICT.assertInvalid(sample);
    }

    @Test
    void types_of_later_versions_are_valid_and_only_the_strict_reading_finds_them() {
        var warning = new JsonObject().put("type", "warning").put("text", "rain");
        PUBLISHED.assertValid(warning);
        STRICT.assertInvalid(warning);
    }

    @ParameterizedTest
    @CsvSource({
        "hello,  schema,                         2",
        "hello,  schema,                         '\"1\"'",
        "hello,  instance,                       '\"\"'",
        "hello,  build,                          '\"1.0.0\"'",
        "hello,  build.java,                     25",
        "hello,  interval,                       0",
        "hello,  interval,                       '\"1s\"'",
        "hello,  startedAt,                      '\"2026-11-25T19:40:13Z\"'",
        "hello,  keepAlive.idleTimeout,          -1",
        "hello,  keepAlive.interval,             null",
        "hello,  history.step,                   0",
        "hello,  history.columns,                '[\"time\",\"time\"]'",
        "hello,  history.columns,                '[\"\"]'",
        "hello,  history.columns,                '[1]'",
        "hello,  history.rows,                   '[1]'",
        "hello,  history.rows,                   '[[\"1\"]]'",
        "sample, type,                           null",
        "sample, type,                           '\"hello\"'",
        "sample, type,                           '\"opened\"'",
        "sample, sequence,                       1.5",
        "sample, sequence,                       '\"17\"'",
        "sample, draining,                       0",
        "sample, draining,                       null",
        "sample, connections.echo,               -1",
        "sample, connections.echo,               1.5",
        "sample, connections,                    4",
        "sample, connectionsByHttp.http2,        0.5",
        "sample, connectionsByHttp,              '\"2\"'",
        "sample, handshakes.accepted,            0.5",
        "sample, handshakes.not-websocket,       null",
        "sample, handshakes,                     '[]'",
        "sample, closed.idle,                    -1",
        "sample, closed.slow-consumer,           0.5",
        "sample, messages.received.text,         0.5",
        "sample, messages.sent,                  0",
        "sample, bytes.sent.binary,              1.5",
        "sample, pings.sent,                     true",
        "sample, rates.handshakes.accepted,      -0.5",
        "sample, rates.bytes.received.text,      null",
        "sample, rates.messages.sent.text,       '\"1.5\"'",
        "sample, roundTrip.p99,                  -0.001",
        "sample, roundTrip.p50,                  false",
        "sample, roundTrip.count,                null",
        "sample, duration.p50,                   '\"12 s\"'",
        "sample, eventLoopLag.worst,             null",
        "sample, heap.used,                      0.5",
        "opened, protocol,                       '\"chat\"'",
        "opened, http,                           2",
        "opened, http,                           '\"HTTP/2\"'",
        "opened, time,                           '\"now\"'",
        "closed, cause,                          '\"bored\"'",
        "closed, cause,                          '\"slow_consumer\"'",
        "closed, cause,                          1001",
        "closed, duration,                       -1",
        "closed, messages.received,              0.5",
        "closed, messages,                       1",
    })
    void a_wrong_value_is_refused(String type, String path, String value) {
        JsonObject message = example(type);
        Place.of(message, path).put(Json.decodeValue(value));
        PUBLISHED.assertInvalid(message);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void a_message_without_one_of_its_members_is_refused(JsonObject example) {
        List<String> places = Place.allIn(example);
        assertThat(places).isNotEmpty();
        for (String place : places) {
            JsonObject message = example.copy();
            Place.of(message, place).remove();
            PUBLISHED.assertInvalid(message);
        }
    }

    @Test
    void the_sets_are_those_of_the_code_in_its_order() {
        assertNames("byCause", Metric.Label.CAUSE.closedSet());
        assertNames("byOutcome", Metric.Label.OUTCOME.closedSet());
        assertNames("byType", Metric.Label.TYPE.closedSet());
        assertThat(values(member("closed", "cause").getJsonArray("enum"))).isEqualTo(Metric.Label.CAUSE.closedSet());
        assertThat(values(PUBLISHED.part("protocol").getJsonArray("enum")))
                .isEqualTo(Metric.Label.PROTOCOL.closedSet());
        assertThat(values(member("sample", "connections").getJsonArray("required")))
                .isEqualTo(Metric.Label.PROTOCOL.closedSet());
        assertThat(values(PUBLISHED.part("http").getJsonArray("enum"))).isEqualTo(Metric.Label.HTTP.closedSet());
        assertThat(values(member("sample", "connectionsByHttp").getJsonArray("required")))
                .hasSameSizeAs(Metric.Label.HTTP.closedSet());
    }

    private static void assertNames(String part, List<String> names) {
        assertThat(PUBLISHED.part(part).getJsonObject("properties").fieldNames())
                .containsExactlyElementsOf(names);
        assertThat(values(PUBLISHED.part(part).getJsonArray("required"))).isEqualTo(names);
    }

    private static JsonObject member(String part, String name) {
        return PUBLISHED.part(part).getJsonObject("properties").getJsonObject(name);
    }

    private static List<String> values(JsonArray array) {
        return array.stream().map(String::valueOf).toList();
    }
}
