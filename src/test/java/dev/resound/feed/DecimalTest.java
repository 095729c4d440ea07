package dev.resound.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DecimalTest {

    @Test
    void large_numbers_have_no_exponent() {
        assertThat(json(Decimal.rate(123_456_789.25))).isEqualTo("[123456789.25]");
        assertThat(json(Decimal.rate(1e12))).isEqualTo("[1000000000000]");
        assertThat(json(Decimal.ofMillis(1_764_110_000_123L))).isEqualTo("[1764110000.123]");
        assertThat(json(Decimal.ofMillis(1_764_110_000_000L))).isEqualTo("[1764110000]");
    }

    @Test
    void small_numbers_are_rounded_and_have_no_exponent() {
        assertThat(json(Decimal.rate(1e-9))).isEqualTo("[0]");
        assertThat(json(Decimal.rate(2.0 / 3))).isEqualTo("[0.667]");
        assertThat(json(Decimal.seconds(0.0000005))).isEqualTo("[0.000001]");
        assertThat(json(Decimal.seconds(Duration.ofNanos(1_234_567)))).isEqualTo("[0.001235]");
        assertThat(json(Decimal.seconds(Duration.ZERO))).isEqualTo("[0]");
    }

    private static String json(Number number) {
        return new JsonArray().add(number).encode();
    }
}
