package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.protocol.MessageType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a loop's tally hands out, and how it adds up. */
class CountsTest {

    private final Tally tally = new Tally();

    @Test
    void a_counter_is_kept_for_each_label_value() {
        tally.add(Metric.MESSAGES_SENT, MessageType.TEXT, 2);
        tally.add(Metric.MESSAGES_SENT, MessageType.BINARY, 3);
        Counts counts = tally.take();
        assertThat(counts.of(Metric.MESSAGES_SENT, MessageType.TEXT)).isEqualTo(2);
        assertThat(counts.of(Metric.MESSAGES_SENT, MessageType.BINARY)).isEqualTo(3);
        assertThat(counts.of(Metric.MESSAGES_SENT)).isEqualTo(5);
    }

    @Test
    void what_was_taken_is_not_taken_again() {
        tally.add(Metric.PINGS_SENT, 1);
        tally.take();
        assertThat(tally.take()).isEqualTo(Counts.NONE);
    }

    @Test
    void what_was_taken_does_not_change() {
        tally.add(Metric.PINGS_SENT, 1);
        Counts taken = tally.take();
        tally.add(Metric.PINGS_SENT, 1);
        assertThat(taken.of(Metric.PINGS_SENT)).isEqualTo(1);
    }

    @Test
    void an_observation_falls_into_the_first_bucket_that_it_is_not_above() {
        tally.observe(Metric.PING_RTT, 500_000);
        tally.observe(Metric.PING_RTT, 500_001);
        tally.observe(Metric.PING_RTT, Duration.ofHours(1).toNanos());
        Counts counts = tally.take();
        assertThat(counts.buckets(Metric.PING_RTT)).startsWith(1L, 1L, 0L).endsWith(0L, 1L);
        assertThat(counts.of(Metric.PING_RTT)).isEqualTo(3);
        assertThat(counts.sum(Metric.PING_RTT)).isEqualTo(Duration.ofHours(1).plusNanos(1_000_001));
    }

    @Test
    void counts_add_up() {
        tally.add(Metric.SENT_BYTES, 40);
        tally.observe(Metric.PING_RTT, 1);
        Counts first = tally.take();
        tally.add(Metric.SENT_BYTES, 2);
        tally.observe(Metric.PING_RTT, 2);
        Counts both = first.plus(tally.take());
        assertThat(both.of(Metric.SENT_BYTES)).isEqualTo(42);
        assertThat(both.of(Metric.PING_RTT)).isEqualTo(2);
        assertThat(both.sum(Metric.PING_RTT)).isEqualTo(Duration.ofNanos(3));
        assertThat(first.plus(Counts.NONE)).isEqualTo(first);
    }
}
