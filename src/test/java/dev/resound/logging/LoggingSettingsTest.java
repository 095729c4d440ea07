package dev.resound.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LoggingSettingsTest {

    @Test
    void by_default_people_read_it_from_info_on() {
        assertThat(LoggingSettings.DEFAULT)
                .isEqualTo(new LoggingSettings(LoggingSettings.Format.TEXT, LoggingSettings.Level.INFO));
    }
}
