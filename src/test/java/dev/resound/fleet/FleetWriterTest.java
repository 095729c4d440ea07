package dev.resound.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.FleetStatus;
import dev.resound.telemetry.Metric;
import dev.resound.test.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What an instance writes, second by second, and what becomes of it when Redis fails. */
class FleetWriterTest {

    private static final FleetSettings SETTINGS = FleetSettings.DEFAULT;

    private final FakeRedis redis = new FakeRedis();
    private final FleetStatus status = new FleetStatus();
    private long now;
    private final FleetWriter writer = new FleetWriter(
            new RedisLink(redis, () -> now, new Random(1)),
            SETTINGS,
            state -> Entries.of("a", 1, state, Duration.ofNanos(now).plusSeconds(1), now / 1_000_000_000),
            status,
            () -> now);

    private void seconds(int number) {
        for (int i = 0; i < number; i++) {
            now += Duration.ofSeconds(1).toNanos();
            redis.millis += 1000;
            writer.write(Entry.State.LIVE);
        }
    }

    private List<Entry> written(String stream) {
        return redis.items(stream).stream()
                .map(item -> EntryFormat.decode(item.entry().getBytes()).orElseThrow())
                .toList();
    }

    private List<Entry> live() {
        return written("{resound}:live");
    }

    private List<Entry> history() {
        return written("{resound}:history");
    }

    @Test
    void each_interval_is_in_the_live_stream_and_each_15th_second_in_the_history() {
        seconds(31);
        assertThat(live()).hasSize(31);
        assertThat(history()).extracting(Entry::uptime).containsExactly(up(2), up(17), up(32));
        assertThat(status.connected()).isTrue();
        assertThat(status.writesLost()).isZero();
        assertThat(redis.connections).isEqualTo(1);
    }

    private static Duration up(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void the_live_stream_is_trimmed_by_number_and_the_history_by_the_clock_of_redis() {
        seconds(16);
        assertThat(redis.trims)
                .containsEntry("{resound}:live", new RedisStreams.Trim("MAXLEN", "4096"))
                .containsEntry(
                        "{resound}:history", new RedisStreams.Trim("MINID", Long.toString(redis.millis - 915_000)));
    }

    @Test
    void a_change_of_the_state_and_the_final_entry_are_in_the_history_at_once() {
        seconds(1);
        writer.write(Entry.State.DRAINING);
        writer.write(Entry.State.DRAINING);
        assertThat(writer.end().succeeded()).isTrue();
        assertThat(history())
                .extracting(Entry::state)
                .containsExactly(Entry.State.LIVE, Entry.State.DRAINING, Entry.State.ENDED);
        seconds(20);
        writer.end();
        assertThat(live().getLast().state()).as("nothing follows").isEqualTo(Entry.State.ENDED);
    }

    @Test
    void an_outage_of_an_hour_costs_two_lines_in_the_log_and_no_total() {
        try (var log = new CapturedLog(FleetWriter.class)) {
            seconds(2);
            redis.failure = "Connection refused";
            seconds(3600);
            assertThat(status.connected()).isFalse();
            assertThat(status.writesLost()).isEqualTo(3600);
            redis.failure = "";
            redis.streams.clear(); // It was restarted without its data.
            seconds(31);
            assertThat(status.connected()).isTrue();
            assertThat(live().getLast().counts().of(Metric.MESSAGES_RECEIVED)).isEqualTo(3633);
            assertThat(history()).isNotEmpty();
            assertThat(log.lines()).hasSize(3);
        }
    }

    @Test
    void attempts_back_off_to_at_most_30_seconds() {
        redis.failure = "Connection refused";
        seconds(60);
        assertThat(redis.requests).isBetween(4, 10);
        redis.requests = 0;
        seconds(3600);
        assertThat(redis.requests).isBetween(3600 / 31, 3600 / 15 + 1);
    }

    @Test
    void a_frozen_redis_gets_one_request_at_a_time_and_its_connection_is_closed() {
        seconds(1);
        redis.frozen = true;
        redis.requests = 0;
        seconds(3);
        assertThat(redis.requests).isEqualTo(1);
        assertThat(status.writesLost()).isEqualTo(2);
        redis.timeout();
        assertThat(status.writesLost()).isEqualTo(3);
        assertThat(redis.closed).isEqualTo(1);
        redis.frozen = false;
        seconds(2);
        assertThat(redis.connections).isEqualTo(2);
        assertThat(status.connected()).isTrue();
    }

    @Test
    void a_full_or_read_only_redis_is_an_outage_with_its_own_words_in_the_log() {
        try (var log = new CapturedLog(FleetWriter.class)) {
            seconds(1);
            redis.failure = "OOM command not allowed when used memory > 'maxmemory'.";
            seconds(5);
            assertThat(log.lines().getLast()).contains("OOM command not allowed");
            assertThat(redis.closed).as("a former master stays read-only").isPositive();
        }
    }

    @Test
    void without_redis_the_end_waits_for_nothing() {
        redis.failure = "Connection refused";
        seconds(1);
        int before = redis.requests;
        assertThat(writer.end().succeeded()).isTrue();
        assertThat(redis.requests).isEqualTo(before);
    }

    @Test
    void the_final_entry_follows_the_write_in_progress() {
        seconds(1);
        redis.frozen = true;
        seconds(1);
        assertThat(writer.end().isComplete()).isFalse();
    }

    @Test
    void a_reason_is_one_line_of_bounded_length() {
        assertThat(FleetWriter.reason(new IllegalStateException("Cannot connect\n- a\n- b")))
                .isEqualTo("Cannot connect - a - b");
        assertThat(FleetWriter.reason(new IllegalStateException("x".repeat(1000))))
                .hasSize(303);
        assertThat(FleetWriter.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
    }
}
