package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantileTest {

    private static final List<Double> BOUNDS = List.of(1.0, 2.0, 4.0, Double.POSITIVE_INFINITY);

    @ParameterizedTest
    @CsvSource({"0.5, 1.5", "0.25, 1.0", "0.9, 3.2", "1.0, 4.0", "0.125, 0.5"})
    void it_is_interpolated_within_its_bucket(double quantile, double value) {
        assertThat(CounterSnapshot.quantile(quantile, BOUNDS, List.of(2L, 4L, 2L, 0L))
                        .orElseThrow())
                .isCloseTo(value, within(1e-9));
    }

    @Test
    void what_lies_beyond_the_last_bound_counts_as_that_bound() {
        assertThat(CounterSnapshot.quantile(0.5, BOUNDS, List.of(0L, 0L, 0L, 3L)))
                .hasValue(4);
    }

    @Test
    void empty_buckets_are_passed_over() {
        assertThat(CounterSnapshot.quantile(0.5, BOUNDS, List.of(0L, 0L, 2L, 0L)))
                .hasValue(3);
    }

    @Test
    void there_is_none_without_observations() {
        assertThat(CounterSnapshot.quantile(0.5, BOUNDS, List.of(0L, 0L, 0L, 0L)))
                .isEmpty();
    }
}
