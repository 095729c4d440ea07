package dev.resound.feed;

import static dev.resound.setting.SettingsAssert.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TelemetrySettingsTest {

    @Test
    void by_default_there_is_a_sample_a_second() {
        assertThat(TelemetrySettings.DEFAULT.interval()).hasSeconds(1);
    }

    @Test
    void the_interval_is_neither_nothing_nor_forever() {
        assertThat(settings(Duration.ofMillis(10)).interval()).hasMillis(10);
        assertThat(settings(Duration.ofHours(1)).interval()).hasHours(1);
        assertRefuses(() -> settings(Duration.ofMillis(9)), "interval");
        assertRefuses(() -> settings(Duration.ofMinutes(61)), "interval");
    }

    private static TelemetrySettings settings(Duration interval) {
        return new TelemetrySettings(interval, FeedSettings.DEFAULT);
    }
}
