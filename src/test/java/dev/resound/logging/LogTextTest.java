package dev.resound.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.KeyValuePair;

/** No value loses a line, in neither format. */
class LogTextTest {

    private record Node(List<Object> children) {}

    private record Pair(String left, @Nullable Object right) {}

    private static final class Throwing {
        @Override
        public String toString() {
            throw new IllegalStateException("broken");
        }
    }

    private static final class Silent {
        @Override
        @SuppressWarnings({"NullAway", "ToStringReturnsNull"}) // The fault to survive.
        public @Nullable String toString() {
            return null;
        }
    }

    private static LoggingEvent event(String message, @Nullable Throwable thrown) {
        var event = new LoggingEvent("", new LoggerContext().getLogger("x"), Level.WARN, message, thrown, null);
        event.setInstant(Instant.EPOCH);
        return event;
    }

    private static String line(LoggingSettings.Format format, LoggingEvent event) {
        return new String(LogSetup.encoder(format, new LoggerContext()).encode(event), StandardCharsets.UTF_8);
    }

    private static List<@Nullable Object> values() {
        var cycle = new Node(new ArrayList<>());
        cycle.children().add(cycle);
        List<@Nullable Object> values = new ArrayList<>(List.of(
                Instant.EPOCH,
                Duration.ofSeconds(1),
                Path.of("a b"),
                TimeUnit.DAYS,
                Optional.empty(),
                Optional.of(1),
                new Pair("a", null),
                new Throwing(),
                new Silent(),
                new Object(),
                cycle,
                new int[] {1, 2},
                new Object[] {"a", null},
                new InetSocketAddress("127.0.0.1", 1),
                new IllegalStateException("x"),
                Double.NaN,
                Double.POSITIVE_INFINITY,
                'c',
                "\ud800",
                "\u0000\r\n\"\\",
                "x".repeat(100_000),
                "\u0001".repeat(100_000)));
        values.add(null);
        return values;
    }

    @ParameterizedTest
    @EnumSource
    void every_value_is_one_line_of_a_few_kilobytes(LoggingSettings.Format format) {
        for (Object value : values()) {
            var event = event("m", null);
            event.addKeyValuePair(new KeyValuePair("k", value));
            String line = line(format, event);
            assertThat(line).hasSizeLessThan(4096).endsWith("\n").contains("k");
            assertThat(line.strip().lines()).hasSize(1);
            if (format == LoggingSettings.Format.JSON) {
                assertThat(new JsonObject(line).containsKey("k")).isTrue();
            }
        }
    }

    @Test
    void a_value_reads_as_people_write_it() {
        assertThat(LogText.of(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(LogText.of(Duration.ofSeconds(1))).isEqualTo("PT1S");
        assertThat(LogText.of(TimeUnit.DAYS)).isEqualTo("DAYS");
        assertThat(LogText.of(new int[] {1, 2})).isEqualTo("[1, 2]");
        assertThat(LogText.of(null)).isEqualTo("null");
        assertThat(LogText.of(new Silent())).isEqualTo("null");
    }

    @Test
    void a_value_that_has_no_text_is_replaced_by_the_reason() {
        assertThat(LogText.of(new Throwing()))
                .isEqualTo("(IllegalStateException in toString of " + Throwing.class.getName() + ")");
        var cycle = new Node(new ArrayList<>());
        cycle.children().add(cycle);
        assertThat(LogText.of(cycle)).startsWith("(StackOverflowError in toString of ");
    }

    @Test
    void a_lack_of_memory_is_not_taken_for_a_strange_value() {
        var value = new Object() {
            @Override
            public String toString() {
                throw new OutOfMemoryError("test");
            }
        };
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> LogText.of(value));
    }

    @Test
    void a_long_value_is_cut_between_characters_and_says_so() {
        assertThat(LogText.of("x".repeat(600))).isEqualTo("x".repeat(512) + "... (88 more)");
        assertThat(LogText.of("x".repeat(511) + "\ud83d\ude00y")).isEqualTo("x".repeat(511) + "... (3 more)");
    }

    @Test
    void numbers_booleans_and_null_keep_their_type_in_json() {
        var event = event("m", null);
        event.addKeyValuePair(new KeyValuePair("number", 7L));
        event.addKeyValuePair(new KeyValuePair("real", 0.5));
        event.addKeyValuePair(new KeyValuePair("nan", Double.NaN));
        event.addKeyValuePair(new KeyValuePair("yes", true));
        event.addKeyValuePair(new KeyValuePair("none", null));
        assertThat(line(LoggingSettings.Format.JSON, event))
                .endsWith(",\"number\":7,\"real\":0.5,\"nan\":\"NaN\",\"yes\":true,\"none\":null}\n");
    }

    @Test
    void neither_a_message_nor_an_exception_can_forge_a_line() {
        var thrown = new IllegalStateException("a\n2026-01-01T00:00:00Z ERROR forged");
        String text = line(LoggingSettings.Format.TEXT, event("b\nforged", thrown));
        assertThat(text.lines())
                .noneMatch(line -> line.startsWith("2026"))
                .noneMatch(line -> line.startsWith("forged"));
        assertThat(text).contains("b\\u000aforged").contains("IllegalStateException: a\\u000a2026");
    }

    @Test
    void a_stack_trace_is_bounded_and_tells_the_cause() {
        Throwable deep = new IllegalStateException("y".repeat(100_000));
        var frames = new StackTraceElement[1000];
        Arrays.fill(frames, new StackTraceElement("C", "m", "C.java", 1));
        deep.setStackTrace(frames);
        var thrown = new IllegalArgumentException("outer", deep);
        for (LoggingSettings.Format format : LoggingSettings.Format.values()) {
            assertThat(line(format, event("m", thrown)))
                    .contains("IllegalArgumentException: outer")
                    .contains("Caused by: java.lang.IllegalStateException: yyy")
                    .hasSizeLessThan(16_384);
        }
    }
}
