package dev.resound.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.FleetStatus;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a reader takes from the streams, and when it believes that an entry arrived. */
class FleetReaderTest {

    private static final String LIVE = "{resound}:live";
    private static final String HISTORY = "{resound}:history";

    private final FakeRedis redis = new FakeRedis();
    private final FleetStatus status = new FleetStatus();
    private long now = 5_000_000_000_000L;

    /** Name of the instance and its age in seconds. */
    private final List<String> taken = new ArrayList<>();

    private final FleetReader reader = new FleetReader(
            new RedisLink(redis, () -> now, new Random(1)),
            FleetSettings.DEFAULT,
            status,
            () -> now,
            (entry, arrival) -> taken.add(entry.source().name() + " "
                    + Duration.ofNanos(now - arrival).toSeconds()));

    private void pass(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
        redis.millis += seconds * 1000L;
    }

    private void written(String stream, String name) {
        redis.append(stream, Buffer.buffer(EntryFormat.encode(Entries.of(name, 1, Duration.ofSeconds(1), 1))));
    }

    private List<String> read() {
        taken.clear();
        assertThat(reader.read().succeeded()).isTrue();
        return List.copyOf(taken);
    }

    @Test
    void the_first_reading_takes_the_history_of_15_minutes_and_the_recent_live_entries_with_their_age() {
        written(HISTORY, "too-old");
        pass(300);
        written(HISTORY, "old");
        written(LIVE, "not-recent");
        pass(880);
        written(LIVE, "recent");
        pass(10);
        assertThat(reader.read().result()).as("the history was read").isTrue();
        assertThat(taken).containsExactly("old 890", "recent 10");
    }

    @Test
    void later_readings_take_each_new_entry_once() {
        read();
        written(LIVE, "a");
        pass(1);
        written(LIVE, "b");
        assertThat(read()).as("both are new").containsExactly("a 1", "b 0");
        assertThat(reader.read().result()).isFalse();
        assertThat(read()).isEmpty();
    }

    @Test
    void long_streams_are_read_in_pages() {
        read();
        for (int i = 0; i < 1234; i++) {
            written(LIVE, "a");
        }
        assertThat(read()).hasSize(1234);
    }

    @Test
    void after_a_failure_the_missed_history_is_read_with_its_age() {
        read();
        pass(60);
        written(LIVE, "before");
        assertThat(read()).containsExactly("before 0");
        redis.failure = "CONNECTION_CLOSED";
        pass(1);
        assertThat(reader.read().failed()).isTrue();
        pass(400);
        written(HISTORY, "meanwhile");
        pass(100);
        redis.failure = "";
        assertThat(read()).containsExactly("meanwhile 100");
        assertThat(redis.closed).isEqualTo(1);
    }

    @Test
    void a_stream_that_was_deleted_or_whose_clock_was_set_back_is_read_from_its_beginning() {
        read();
        written(LIVE, "a");
        assertThat(read()).hasSize(1);
        redis.streams.clear();
        redis.millis -= 3_600_000;
        written(LIVE, "b");
        assertThat(read()).isEmpty();
        assertThat(read()).hasSize(1).first().asString().startsWith("b");
        written(LIVE, "c");
        assertThat(read()).hasSize(1).first().asString().startsWith("c");
    }

    @Test
    void an_entry_that_redis_received_after_the_connection_was_opened_is_new_whatever_its_clock_says() {
        read();
        redis.millis += 7_200_000; // The clock is set.
        written(LIVE, "a");
        assertThat(read()).containsExactly("a 0");
    }

    @Test
    void an_entry_that_is_not_valid_is_counted_and_skipped() {
        read();
        redis.append(LIVE, Buffer.buffer());
        redis.append(LIVE, Buffer.buffer(new byte[100]));
        written(LIVE, "a");
        assertThat(read()).containsExactly("a 0");
        assertThat(status.entriesRejected()).isEqualTo(2);
    }
}
