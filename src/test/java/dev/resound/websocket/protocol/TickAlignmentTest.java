package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TickAlignmentTest {

    @Test
    void a_timer_ends_on_a_tick_never_early_and_never_a_whole_tick_late() {
        var tick = TickAlignment.of(Duration.ofSeconds(25));
        var random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            long now = random.nextLong(); // Like System.nanoTime, this may be negative.
            long delay = random.nextLong(1L << 40);
            long aligned = tick.align(now + delay);
            assertThat(aligned - now).isBetween(delay, delay + tick.nanos() - 1);
            assertThat(Math.floorMod(aligned, tick.nanos())).isZero();
        }
    }

    @Test
    void connections_that_open_at_different_times_share_ticks() {
        var tick = TickAlignment.of(Duration.ofSeconds(25));
        assertThat(LongStream.range(0, 1000)
                        .map(millis -> Duration.ofMillis(millis).toNanos())
                        .map(now -> tick.align(now + Duration.ofSeconds(25).toNanos()))
                        .distinct())
                .hasSizeLessThanOrEqualTo(12);
    }

    @Test
    void a_tick_is_a_small_part_of_x_and_at_most_100_ms() {
        assertThat(TickAlignment.of(Duration.ofMinutes(2)).nanos())
                .isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(TickAlignment.of(Duration.ofSeconds(1)).nanos())
                .isLessThan(Duration.ofMillis(4).toNanos());
        assertThat(TickAlignment.of(Duration.ofNanos(1)).nanos()).isPositive();
    }
}
