package dev.resound.described;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The JSON Schema of the fleet's feed by itself. The messages of running instances are held against it in {@code FleetIT}. */
class FleetSchemaTest {

    private static final FeedSchema PUBLISHED = FeedSchema.publishedOfFleet();
    private static final FeedSchema STRICT = FeedSchema.strictOfFleet();

    static Stream<JsonObject> examples() {
        return Stream.of("fleetHello", "fleetHistory", "fleetSample").map(FleetSchemaTest::example);
    }

    private static JsonObject example(String part) {
        return PUBLISHED.part(part).getJsonArray("examples").getJsonObject(0).copy();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void its_examples_are_valid_and_hold_nothing_that_it_does_not_describe(JsonObject example) {
        PUBLISHED.assertValid(example);
        STRICT.assertValid(example);
        example.put("weather", "fine");
        PUBLISHED.assertValid(example);
        STRICT.assertInvalid(example);
    }

    @Test
    void the_row_has_an_example_too() {
        STRICT.only("fleetRow").assertValid(example("fleetRow"));
    }

    @ParameterizedTest
    @CsvSource({
        "fleetHello,   window,                   0",
        "fleetHello,   fleet,                    '\"\"'",
        "fleetHello,   columns,                  '[\"id\",\"id\"]'",
        "fleetHello,   history.rows,             '[[\"1\"]]'",
        "fleetHistory, history.step,             -1",
        "fleetSample,  redis.connected,          1",
        "fleetSample,  redis.age,                -1",
        "fleetSample,  instances.live,           -1",
        "fleetSample,  instances.limitReached,   0",
        "fleetSample,  messages.received.text,   0.5",
        "fleetSample,  rates.bytes.sent.binary,  -1",
        "fleetSample,  connections.echo,         -1",
        "fleetSample,  rows,                     '[{}]'",
        "fleetSample,  rows,                     '[[[]]]'",
    })
    void a_wrong_value_is_refused(String type, String path, String value) {
        JsonObject message = example(type);
        Place.of(message, path).put(Json.decodeValue(value));
        PUBLISHED.assertInvalid(message);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void a_message_without_one_of_its_members_is_refused(JsonObject example) {
        for (String place : Place.allIn(example)) {
            JsonObject message = example.copy();
            Place.of(message, place).remove();
            PUBLISHED.assertInvalid(message);
        }
    }

    /** The members of the parts that it takes from the other schema are described there. */
    @Test
    void each_of_its_own_members_says_what_it_is_and_where_it_comes_from() {
        List<JsonObject> members = Stream.of("fleetHello", "fleetSample", "fleetRow", "fleetTable")
                .flatMap(part -> properties(PUBLISHED.part(part)))
                .filter(member -> !member.getString("$ref", "").contains("#/$defs/"))
                .filter(member -> !member.containsKey("const") && !member.containsKey("properties"))
                .toList();
        assertThat(members)
                .hasSizeGreaterThan(10)
                .allSatisfy(member -> assertThat(member.fieldNames()).containsAll(Set.of("description", "x-source")));
    }

    private static Stream<JsonObject> properties(JsonObject schema) {
        return schema.getJsonObject("properties").stream()
                .map(property -> (JsonObject) property.getValue())
                .flatMap(property -> property.containsKey("properties")
                        ? Stream.concat(Stream.of(property), properties(property))
                        : Stream.of(property));
    }
}
