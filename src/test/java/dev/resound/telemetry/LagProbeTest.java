package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How late a timer runs, with told time. */
class LagProbeTest {

    private final LagProbe probe = new LagProbe(1_000, Duration.ofNanos(100));

    @Test
    void a_timer_in_time_has_no_lag() {
        probe.tick(1_100);
        probe.tick(1_200);
        assertThat(probe.take(1_250)).isEqualTo(lag(0, 0));
    }

    @Test
    void the_worst_tick_is_kept_when_better_ones_follow() {
        probe.tick(1_130);
        probe.tick(1_207);
        assertThat(probe.take(1_250)).isEqualTo(lag(7, 30));
    }

    @Test
    void the_worst_is_that_of_its_interval() {
        probe.tick(1_130);
        probe.take(1_150);
        probe.tick(1_201);
        assertThat(probe.take(1_250)).isEqualTo(lag(1, 1));
    }

    @Test
    void a_tick_that_has_not_run_yet_counts_with_what_it_is_late_by() {
        assertThat(probe.take(1_180)).isEqualTo(lag(0, 80));
    }

    @Test
    void a_late_tick_does_not_put_off_those_behind_it() {
        probe.tick(1_350);
        probe.tick(1_350);
        probe.tick(1_350);
        assertThat(probe.take(1_360)).isEqualTo(lag(50, 250));
    }

    private static LoopLag lag(long newest, long worst) {
        return new LoopLag(Duration.ofNanos(newest), Duration.ofNanos(worst));
    }
}
