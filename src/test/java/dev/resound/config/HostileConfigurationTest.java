package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the sources hold, the report is short, comes soon, and shows no control characters. */
class HostileConfigurationTest {

    private static final int MIB = 1024 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private long start;

    @BeforeEach
    void begin() {
        start = System.nanoTime();
    }

    @AfterEach
    void end() {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    }

    static Stream<Arguments> hugeValues() {
        return Key.all().stream()
                .flatMap(key -> Stream.of("9", "a", "/a", "a,", "\0", "\u202e", "-", "P", "1.", ":")
                        .map(part -> Arguments.of(key.path(), part)));
    }

    @ParameterizedTest
    @MethodSource("hugeValues")
    void a_value_of_a_mebibyte_is_reported_in_a_short_line(String path, String part) {
        String value = part.repeat(MIB / part.length());

        String report = report("", Map.of(Overrides.variable(path), value), Map.of());

        if (!report.isEmpty()) { // Any text may be a host or a path.
            assertThat(report).contains(" must ").hasSizeLessThan(40_000);
            assertThat(report.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(1000));
            assertThat(report).doesNotContain("\0", "\u202e");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.", "-", "_", "\0", "websocket.path"})
    void a_key_of_a_mebibyte_is_reported_in_a_short_line(String part) {
        String name = part.repeat(MIB / part.length());

        String report = report(
                "? \"" + name.replace("\0", "\\0").substring(0, MIB / 2) + "\"\n: 1",
                Map.of("RESOUND_" + name, "1"),
                Map.of("resound." + name, "1"));

        assertThat(report).startsWith("3 problems").hasSizeLessThan(4000).doesNotContain("\0");
    }

    @Test
    void a_file_full_of_unknown_keys_is_reported_by_its_first_hundred() {
        String file = IntStream.range(0, 60_000)
                .mapToObj(i -> "websocket_path_" + i + ":")
                .collect(Collectors.joining("\n"));

        String report = report(file, Map.of(), Map.of());

        assertThat(report).startsWith("60000 problems").endsWith("\n  and 59900 more");
        assertThat(report.lines()).hasSize(102);
    }

    @Test
    void long_sections_with_many_keys_take_no_more_memory_than_the_file() {
        String keys = IntStream.range(0, 50_000).mapToObj(i -> "k" + i + ": 1").collect(Collectors.joining(","));

        String report = report("? " + "a".repeat(400_000) + "\n: {" + keys + "}", Map.of(), Map.of());

        assertThat(report).startsWith("1 problem").hasSizeLessThan(1000);
    }

    @Test
    void nesting_is_bounded() {
        for (String file : List.of(
                "[".repeat(MIB / 2),
                "{a: ".repeat(MIB / 4),
                "? ".repeat(MIB / 2),
                "- ".repeat(MIB / 2),
                IntStream.range(0, 1000).mapToObj(i -> " ".repeat(i) + "a:").collect(Collectors.joining("\n")))) {
            assertThat(report(file, Map.of(), Map.of())).startsWith("1 problem").contains("f.yaml", "is not YAML: ");
        }
    }

    @Test
    void aliases_cannot_multiply_a_small_file() {
        String file = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
                + IntStream.range(1, 30)
                        .mapToObj(i -> "a%1$d: &a%1$d [%2$s]"
                                .formatted(i, String.join(",", Collections.nCopies(9, "*a" + (i - 1)))))
                        .collect(Collectors.joining("\n"));

        assertThat(report(file, Map.of(), Map.of())).startsWith("1 problem").contains("aliases");
    }

    @Test
    void a_message_of_the_yaml_parser_is_shortened() {
        assertThat(report("a: *" + "x".repeat(MIB / 2), Map.of(), Map.of()))
                .startsWith("1 problem")
                .contains("found undefined alias xxx")
                .hasSizeLessThan(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"999999999999d", "PT9223372036854775807S", "-PT9223372036854775807S", "P-106751991167300D"})
    void a_duration_beyond_all_bounds_is_reported_like_any_other(String duration) {
        assertThat(report("drain: { period: %s }".formatted(duration), Map.of(), Map.of()))
                .contains("drain.period must be between 0s and 1h, found \"" + duration + "\"");
    }

    @Test
    void a_key_with_control_characters_is_quoted() {
        assertThat(report("\"a\\nb\\u2028c\": 1", Map.of("RESOUND_\u001b[31m", "1"), Map.of()))
                .contains("\"a\\u000ab\\u2028c\" is not a known key")
                .contains("\"RESOUND_\\u001b[31m\" is not a known key");
    }

    /** Empty where nothing is wrong. */
    private static String report(String file, Map<String, String> environment, Map<String, String> properties) {
        var parsed = new ParsedSources();
        if (!file.isEmpty()) {
            YamlText.read("f.yaml", file, parsed);
        }
        Overrides.readEnvironment(environment, parsed);
        Overrides.readProperties(properties, parsed);
        var invalid = catchThrowableOfType(InvalidConfiguration.class, () -> ConfigurationReader.read(parsed));
        return invalid == null ? "" : String.valueOf(invalid.getMessage());
    }
}
