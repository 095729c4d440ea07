package dev.resound.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;

class TextLayoutTest {

    private static LoggingEvent event(Level level, @Nullable Throwable fault) {
        var event = new LoggingEvent("", new LoggerContext().getLogger("x"), level, "connection opened", fault, null);
        event.setInstant(Instant.EPOCH);
        return event;
    }

    private static String field(String value) {
        var event = event(Level.INFO, null);
        event.addKeyValuePair(new KeyValuePair("origin", value));
        String line = new TextLayout().doLayout(event);
        return line.substring(line.indexOf("origin=") + "origin=".length()).stripTrailing();
    }

    @Test
    void a_line_holds_time_severity_event_and_fields() {
        var event = event(Level.INFO, null);
        event.addKeyValuePair(new KeyValuePair("id", "1"));
        event.addKeyValuePair(new KeyValuePair("code", 1001));
        assertThat(new TextLayout().doLayout(event)).matches("\\S+T\\S+ INFO  connection opened id=1 code=1001\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"})
    void the_time_is_that_of_the_place_to_the_millisecond_with_its_distance_to_utc(String zone) {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            for (String time :
                    List.of("2026-01-02T03:04:05.006Z", "2026-07-31T23:59:59.999Z", "2026-10-25T00:30:00Z")) {
                var event = event(Level.INFO, null);
                event.setInstant(Instant.parse(time));
                assertThat(new TextLayout().doLayout(event))
                        .startsWith(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
                                        .withZone(ZoneId.of(zone))
                                        .format(Instant.parse(time))
                                + " INFO");
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void a_plain_value_stands_as_it_is() {
        assertThat(field("https://client.com:8443")).isEqualTo("https://client.com:8443");
    }

    @Test
    void a_value_cannot_fake_another_field() {
        assertThat(field("x cause=client")).isEqualTo("\"x cause=client\"");
        assertThat(field("x\" cause=\"client")).isEqualTo("\"x\\\" cause=\\\"client\"");
    }

    @Test
    void a_value_cannot_fake_another_line_nor_colour_the_terminal() {
        assertThat(field("x\r\ny")).isEqualTo("\"x\\u000d\\u000ay\"");
        assertThat(field("\u001b[31m")).isEqualTo("\"\\u001b[31m\"");
        assertThat(field("a\u2028b")).isEqualTo("\"a\\u2028b\"");
    }

    @Test
    void an_empty_value_is_seen_to_be_empty() {
        assertThat(field("")).isEqualTo("\"\"");
    }

    @Test
    void a_fault_of_ours_comes_with_its_stack_trace() {
        assertThat(new TextLayout().doLayout(event(Level.ERROR, new IllegalStateException("broken"))))
                .contains("ERROR connection opened")
                .contains("IllegalStateException: broken")
                .contains("at dev.resound.logging.TextLayoutTest");
    }
}
