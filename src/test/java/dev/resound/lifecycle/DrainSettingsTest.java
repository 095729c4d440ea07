package dev.resound.lifecycle;

import static dev.resound.setting.SettingsAssert.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainSettingsTest {

    @Test
    void by_default_it_begins_at_once_and_takes_ten_seconds() {
        assertThat(DrainSettings.DEFAULT.delay()).isZero();
        assertThat(DrainSettings.DEFAULT.period()).hasSeconds(10);
    }

    @Test
    void each_component_takes_its_own_value_up_to_an_hour() {
        var settings = new DrainSettings(Duration.ofHours(1), Duration.ZERO);

        assertThat(settings.delay()).hasHours(1);
        assertThat(settings.period()).isZero();
    }

    @Test
    void everything_that_is_wrong_is_reported_at_once() {
        assertRefuses(() -> new DrainSettings(Duration.ofMillis(-1), Duration.ofMinutes(61)), "delay", "period");
    }
}
