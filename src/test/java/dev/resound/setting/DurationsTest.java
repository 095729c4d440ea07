package dev.resound.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S, 250ms",
        "25s, PT25S, 25s",
        "2m, PT2M, 2m",
        "1h, PT1H, 1h",
        "1d, PT24H, 24h",
        "0, PT0S, 0s",
        "0ms, PT0S, 0s",
        "90s, PT1M30S, 90s",
        "60s, PT1M, 1m",
        "1500ms, PT1.5S, 1500ms",
        "PT1M30S, PT1M30S, 90s",
        "pt5s, PT5S, 5s",
        "P1D, PT24H, 24h",
        "-PT5S, PT-5S, PT-5S",
        "PT0.0005S, PT0.0005S, PT0.0005S",
        "999999999999ms, PT277777H46M39.999S, 999999999999ms",
        "999999999999s, PT277777777H46M39S, PT277777777H46M39S",
        "999999999999d, PT23999999999976H, PT23999999999976H",
        "PT9223372036854775807S, PT2562047788015215H30M7S, PT2562047788015215H30M7S",
    })
    void a_duration_is_read_and_written_back_in_its_shortest_form(String text, Duration duration, String shortest) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
        assertThat(Durations.format(duration)).isEqualTo(shortest);
        assertThat(Durations.parse(shortest)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "00", "s", "5 s", "5S", "-5s", "1.5s", "5s5s", "five", "1w", "9999999999999s", "PT"})
    void anything_else_is_no_duration(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }
}
