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
            names = {"PING_RTT", "FEED_PING_RTT", "CONNECTION_DURATION"})
    void histograms_are_in_seconds_and_their_bounds_rise(Metric metric) {
        assertThat(metric.unit()).isEqualTo("seconds");
        assertThat(metric.buckets().bounds()).isSorted().doesNotHaveDuplicates().endsWith(Double.POSITIVE_INFINITY);
    }

    /** The arrays of counters have one column for each combination of a first label and this one. */
    @Test
    void a_second_label_is_the_http_protocol_and_only_connections_and_handshakes_have_one() {
        assertThat(Metric.values())
                .filteredOn(metric -> metric.labels().size() > 1)
                .containsExactlyInAnyOrder(Metric.CONNECTIONS, Metric.HANDSHAKES, Metric.CONNECTIONS_CLOSED)
                .allSatisfy(
                        metric -> assertThat(metric.labels()).hasSize(2).last().isEqualTo(Metric.Label.HTTP));
    }

    @Test
    void the_unit_is_told_from_the_name() {
        assertThat(Metric.SENT_BYTES.unit()).isEqualTo("bytes");
        assertThat(Metric.MESSAGES_SENT.unit()).isEmpty();
    }

    @Test
    void the_label_values_are_those_of_the_contract() {
        assertThat(Metric.Label.PROTOCOL.closedSet()).containsExactlyInAnyOrder("echo", "telemetry");
        assertThat(Metric.Label.HTTP.closedSet()).containsExactly("1.1", "2");
        assertThat(Metric.Label.OUTCOME.closedSet())
                .containsExactlyInAnyOrder(
                        "accepted",
                        "not-websocket",
                        "version",
                        "key",
                        "method",
                        "parameter",
                        "origin",
                        "capacity",
                        "draining",
                        "fault",
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
                        "fault",
                        "error");
        assertThat(Metric.Label.TYPE.closedSet()).containsExactlyInAnyOrder("text", "binary");
        assertThat(Metric.Label.KIND.closedSet()).containsExactly("settings", "certificates");
    }
}
