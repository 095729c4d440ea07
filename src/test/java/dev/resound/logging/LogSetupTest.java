package dev.resound.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LogSetupTest {

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

    private String encoded(LoggingSettings.Format format) {
        var event = new LoggingEvent("", context.getLogger("x"), Level.WARN, "connection closed", null, null);
        event.setInstant(Instant.EPOCH);
        event.addKeyValuePair(new KeyValuePair("cause", "idle"));
        event.addKeyValuePair(new KeyValuePair("code", 1001));
        return new String(LogSetup.encoder(format, context).encode(event), StandardCharsets.UTF_8);
    }

    @AfterEach
    void usual_log() {
        LogSetup.apply(LoggingSettings.DEFAULT);
    }

    @Test
    void json_is_one_object_a_line_with_the_fields_beside_the_message() {
        String line = encoded(LoggingSettings.Format.JSON);
        assertThat(line.strip()).doesNotContain("\n");
        var json = new JsonObject(line);
        assertThat(json.fieldNames())
                .containsExactlyInAnyOrder("time", "level", "logger", "thread", "message", "cause", "code");
        assertThat(json.getString("message")).isEqualTo("connection closed");
        assertThat(json.getString("cause")).isEqualTo("idle");
        assertThat(json.getInteger("code")).isEqualTo(1001);
    }

    @Test
    void text_is_for_people() {
        assertThat(encoded(LoggingSettings.Format.TEXT))
                .endsWith("WARN  connection closed cause=idle code=1001" + System.lineSeparator());
    }

    @Test
    void the_level_is_the_least_severe_that_is_written() {
        LogSetup.apply(new LoggingSettings(LoggingSettings.Format.TEXT, LoggingSettings.Level.WARN));
        var log = LoggerFactory.getLogger("dev.resound.connection");
        assertThat(log.isWarnEnabled()).isTrue();
        assertThat(log.isInfoEnabled()).isFalse();
    }

    @Test
    void libraries_speak_up_only_to_warn() {
        LogSetup.apply(new LoggingSettings(LoggingSettings.Format.TEXT, LoggingSettings.Level.DEBUG));
        assertThat(LoggerFactory.getLogger("dev.resound.x").isDebugEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("io.netty.x").isInfoEnabled()).isFalse();
    }
}
