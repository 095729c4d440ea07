package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.MessageType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a loop's counters hands out, and how it adds up. */
class CounterSnapshotTest {

    private final LoopCounters counters = new LoopCounters();

    @Test
    void a_counter_is_kept_for_each_label_value() {
        counters.add(Metric.MESSAGES_SENT, MessageType.TEXT, 2);
        counters.add(Metric.MESSAGES_SENT, MessageType.BINARY, 3);
        CounterSnapshot counts = counters.take();
        assertThat(counts.of(Metric.MESSAGES_SENT, MessageType.TEXT)).isEqualTo(2);
        assertThat(counts.of(Metric.MESSAGES_SENT, MessageType.BINARY)).isEqualTo(3);
        assertThat(counts.of(Metric.MESSAGES_SENT)).isEqualTo(5);
    }

    @Test
    void a_counter_with_the_label_http_is_kept_for_each_combination_of_label_values() {
        counters.add(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_1, 1);
        counters.add(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_2, 20);
        counters.add(Metric.HANDSHAKES, HandshakeOutcome.ERROR, HttpProtocol.HTTP_2, 300);
        CounterSnapshot counts = counters.take();
        assertThat(counts.of(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_1))
                .isEqualTo(1);
        assertThat(counts.of(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED)).isEqualTo(21);
        assertThat(counts.of(Metric.HANDSHAKES, HandshakeOutcome.ERROR)).isEqualTo(300);
        assertThat(counts.of(Metric.HANDSHAKES)).isEqualTo(321);
    }

    @Test
    void what_was_taken_is_not_taken_again() {
        counters.add(Metric.PINGS_SENT, 1);
        counters.take();
        assertThat(counters.take()).isEqualTo(CounterSnapshot.EMPTY);
    }

    @Test
    void what_was_taken_does_not_change() {
        counters.add(Metric.PINGS_SENT, 1);
        CounterSnapshot taken = counters.take();
        counters.add(Metric.PINGS_SENT, 1);
        assertThat(taken.of(Metric.PINGS_SENT)).isEqualTo(1);
    }

    @Test
    void an_observation_falls_into_the_first_bucket_that_it_is_not_above() {
        counters.observe(Metric.PING_RTT, 500_000);
        counters.observe(Metric.PING_RTT, 500_001);
        counters.observe(Metric.PING_RTT, Duration.ofHours(1).toNanos());
        CounterSnapshot counts = counters.take();
        assertThat(counts.buckets(Metric.PING_RTT)).startsWith(1L, 1L, 0L).endsWith(0L, 1L);
        assertThat(counts.of(Metric.PING_RTT)).isEqualTo(3);
        assertThat(counts.sum(Metric.PING_RTT)).isEqualTo(Duration.ofHours(1).plusNanos(1_000_001));
    }

    @Test
    void counts_add_up() {
        counters.add(Metric.SENT_BYTES, 40);
        counters.observe(Metric.PING_RTT, 1);
        CounterSnapshot first = counters.take();
        counters.add(Metric.SENT_BYTES, 2);
        counters.observe(Metric.PING_RTT, 2);
        CounterSnapshot both = first.plus(counters.take());
        assertThat(both.of(Metric.SENT_BYTES)).isEqualTo(42);
        assertThat(both.of(Metric.PING_RTT)).isEqualTo(2);
        assertThat(both.sum(Metric.PING_RTT)).isEqualTo(Duration.ofNanos(3));
        assertThat(first.plus(CounterSnapshot.EMPTY)).isEqualTo(first);
    }
}
