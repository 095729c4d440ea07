package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The catalogue. */
class MetricTest {

    @ParameterizedTest
    @EnumSource
    void names_follow_the_conventions_of_prometheus(Metric metric) {
        assertThat(metric.key()).matches("(websocket|resound)(_[a-z]+)+");
        assertThat(metric.key().endsWith("_total")).isEqualTo(metric.type() == Metric.Type.COUNTER);
    }

    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"PING_RTT", "CONNECTION_DURATION"})
    void histograms_are_in_seconds_and_their_bounds_rise(Metric metric) {
        assertThat(metric.unit()).isEqualTo("seconds");
        assertThat(metric.buckets().bounds()).isSorted().doesNotHaveDuplicates().endsWith(Double.POSITIVE_INFINITY);
    }

    @Test
    void the_unit_is_told_from_the_name() {
        assertThat(Metric.SENT_BYTES.unit()).isEqualTo("bytes");
        assertThat(Metric.MESSAGES_SENT.unit()).isEmpty();
    }

    @Test
    void the_label_values_are_those_of_the_contract() {
        assertThat(Metric.Label.PROTOCOL.closedSet()).containsExactlyInAnyOrder("echo", "telemetry");
        assertThat(Metric.Label.OUTCOME.closedSet())
                .containsExactlyInAnyOrder(
                        "accepted",
                        "not-websocket",
                        "version",
                        "key",
                        "method",
                        "origin",
                        "capacity",
                        "draining",
                        "error");
        assertThat(Metric.Label.CAUSE.closedSet())
                .containsExactlyInAnyOrder(
                        "client",
                        "idle",
                        "drain",
                        "slow-consumer",
                        "protocol-error",
                        "invalid-payload",
                        "too-big",
                        "network",
                        "error");
        assertThat(Metric.Label.TYPE.closedSet()).containsExactlyInAnyOrder("text", "binary");
        assertThat(Metric.Label.KIND.closedSet()).containsExactly("settings", "certificates");
    }
}
