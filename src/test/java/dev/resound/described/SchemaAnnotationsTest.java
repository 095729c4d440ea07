package dev.resound.described;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.Metric;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each member says what it is, in which unit, and where it comes from. */
class SchemaAnnotationsTest {

    private static final FeedSchema SCHEMA = FeedSchema.published();
    private static final String REFERENCE = "#/$defs/";
    private static final Pattern SERIES = Pattern.compile("\\b(websocket|resound|jvm)_[a-z_]+");
    private static final Set<String> OF_LIBRARIES = Set.of(
            "jvm_memory_used_bytes", "jvm_memory_max_bytes", "jvm_gc_pause_seconds_count", "jvm_gc_pause_seconds_sum");

    static Stream<String> members() {
        return Stream.of("hello", "sample", "opened", "closed", "echoHello")
                .flatMap(part -> Place.allIn(example(part)).stream().map(path -> part + "." + path))
                .filter(path -> !path.endsWith(".type"));
    }

    private static JsonObject example(String part) {
        return SCHEMA.part(part).getJsonArray("examples").getJsonObject(0);
    }

    @ParameterizedTest
    @MethodSource("members")
    void a_member_is_described(String path) {
        assertThat(onTheWay(path).getLast()).anyMatch(schema -> schema.containsKey("description"));
    }

    @ParameterizedTest
    @MethodSource("members")
    void a_number_has_a_unit_and_everything_a_source(String path) {
        int dot = path.indexOf('.');
        Place place = Place.of(example(path.substring(0, dot)), path.substring(dot + 1));
        Object value = place.object().getValue(place.name());
        if (value instanceof Number) {
            assertThat(nearest(path, "x-unit")).isIn("s", "By", "1", "1/s", "By/s");
        }
        if (!(value instanceof JsonObject)) {
            assertThat(nearest(path, "x-source")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hello.interval,                     s",
        "hello.keepAlive.idleTimeout,        s",
        "sample.time,                        s",
        "sample.connections.echo,            1",
        "sample.connectionsByHttp.http2,     1",
        "sample.handshakes.not-websocket,    1",
        "sample.bytes.received.text,         By",
        "sample.rates.handshakes.accepted,   1/s",
        "sample.rates.messages.sent.text,    1/s",
        "sample.rates.bytes.sent.binary,     By/s",
        "sample.roundTrip.count,             1",
        "sample.roundTrip.p50,               s",
        "sample.heap.used,                   By",
        "closed.duration,                    s",
    })
    void the_unit_is_the_nearest_on_the_way_to_a_member(String path, String unit) {
        assertThat(nearest(path, "x-unit")).isEqualTo(unit);
    }

    @Test
    void the_series_that_it_names_are_those_on_the_metrics_page() {
        Set<String> named = SERIES.matcher(SCHEMA.json().encode())
                .results()
                .map(match -> match.group())
                .collect(Collectors.toSet());
        assertThat(named)
                .allMatch(series -> OF_LIBRARIES.contains(series)
                        || Stream.of(Metric.values())
                                .anyMatch(metric -> metric.key().equals(series)));
        assertThat(named)
                .as("nothing that is counted is left out")
                .containsAll(Stream.of(Metric.values())
                        .map(Metric::key)
                        .filter(key -> key.startsWith("websocket_"))
                        .toList());
    }

    /** An annotation of the member itself, or else of the nearest object around it. */
    private static String nearest(String path, String annotation) {
        return onTheWay(path).reversed().stream()
                .flatMap(List::stream)
                .filter(schema -> schema.containsKey(annotation))
                .map(schema -> schema.getString(annotation))
                .findFirst()
                .orElse("");
    }

    /** The schemas that apply to a message, to a member of it, to a member of that, and so on. */
    private static List<List<JsonObject>> onTheWay(String path) {
        List<List<JsonObject>> found = new ArrayList<>();
        List<JsonObject> schemas = List.of();
        for (String name : path.split("\\.", -1)) {
            schemas = found.isEmpty()
                    ? List.of(SCHEMA.part(name))
                    : schemas.stream().flatMap(schema -> of(schema, name)).toList();
            found.add(schemas);
        }
        return found;
    }

    private static Stream<JsonObject> of(JsonObject schema, String member) {
        return Stream.of(
                        schema.getJsonObject("properties", new JsonObject()).getValue(member),
                        schema.getValue("additionalProperties"))
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .flatMap(SchemaAnnotationsTest::expand);
    }

    /** The schema itself, what it refers to, and the parts of its {@code allOf}. */
    private static Stream<JsonObject> expand(JsonObject schema) {
        Stream<JsonObject> referred = Stream.ofNullable(schema.getString("$ref"))
                .map(reference -> SCHEMA.part(reference.substring(REFERENCE.length())));
        Stream<JsonObject> parts = schema.containsKey("allOf")
                ? schema.getJsonArray("allOf").stream().map(JsonObject.class::cast)
                : Stream.empty();
        return Stream.concat(Stream.of(schema), Stream.concat(referred, parts).flatMap(SchemaAnnotationsTest::expand));
    }
}
