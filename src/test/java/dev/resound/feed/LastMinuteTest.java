package dev.resound.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.Metric;
import dev.resound.telemetry.TelemetryFixtures;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LastMinuteTest {

    private long now;
    private CounterSnapshot total = CounterSnapshot.EMPTY;
    private final LiveFeed.LastMinute lastMinute = new LiveFeed.LastMinute(now);

    @Test
    void what_was_just_counted_is_recent() {
        assertThat(after(Duration.ofSeconds(1), 3)).isEqualTo(3);
        assertThat(after(Duration.ofSeconds(1), 2)).isEqualTo(5);
    }

    @Test
    void after_a_minute_it_is_not_recent_any_more() {
        after(Duration.ofSeconds(1), 3);
        for (int second = 0; second < 58; second++) {
            assertThat(after(Duration.ofSeconds(1), 0)).isEqualTo(3);
        }
        after(Duration.ofSeconds(3), 0);
        assertThat(after(Duration.ofSeconds(1), 1)).isEqualTo(1);
    }

    @Test
    void a_short_interval_forgets_nothing() {
        for (int tick = 1; tick <= 3000; tick++) {
            assertThat(after(Duration.ofMillis(10), 1)).isEqualTo(tick);
        }
    }

    private long after(Duration time, int pings) {
        now += time.toNanos();
        total = total.plus(TelemetryFixtures.pings(pings));
        return lastMinute.of(now, total).of(Metric.PINGS_SENT);
    }
}
