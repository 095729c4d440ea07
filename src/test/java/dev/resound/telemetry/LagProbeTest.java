package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How late timers run, with told time. */
class LagProbeTest {

    private static final long PERIOD = 100;

    private final LagProbe probe = new LagProbe();
    private long now = 1_000;

    @Test
    void before_the_first_tick_there_is_no_lag() {
        set(0);
        assertThat(probe.take(now + 50)).isEqualTo(lag(0, 0));
    }

    @Test
    void timers_in_time_have_no_lag() {
        set(0);
        runLate(0);
        runLate(0);
        assertThat(probe.take(now + 50)).isEqualTo(lag(0, 0));
    }

    @Test
    void the_worst_tick_is_kept_when_better_ones_follow() {
        set(0);
        runLate(30);
        runLate(7);
        assertThat(probe.take(now + 50)).isEqualTo(lag(7, 30));
    }

    @Test
    void the_worst_is_that_of_its_interval() {
        set(0);
        runLate(30);
        probe.take(now + 50);
        runLate(1);
        assertThat(probe.take(now + 50)).isEqualTo(lag(1, 1));
    }

    @Test
    void a_tick_that_has_not_run_yet_counts_with_its_delay_so_far() {
        set(0);
        assertThat(probe.take(now + PERIOD + 80)).isEqualTo(lag(0, 80));
    }

    @Test
    void a_start_that_takes_long_leaves_no_offset() {
        set(91);
        for (int i = 0; i < 5; i++) {
            runLate(0);
        }
        assertThat(probe.take(now + 50)).isEqualTo(lag(0, 0));
    }

    @Test
    void after_a_stall_of_many_periods_the_next_tick_is_in_time() {
        set(0);
        runLate(60_000);
        assertThat(probe.take(now + 1)).isEqualTo(lag(60_000, 60_000));
        runLate(0);
        assertThat(probe.take(now + 1)).isEqualTo(lag(0, 0));
    }

    @Test
    void delays_do_not_add_up() {
        set(0);
        for (int i = 0; i < 1_000; i++) {
            runLate(2);
        }
        assertThat(probe.take(now + 1)).isEqualTo(lag(2, 2));
    }

    /** A tick before its time is the timer's fault, not a negative lag. */
    @Test
    void a_tick_that_is_early_has_no_lag() {
        set(0);
        runLate(-3);
        assertThat(probe.take(now + 1)).isEqualTo(lag(0, 0));
    }

    /** Sets a timer, which takes a while by itself. */
    private void set(long takes) {
        now += takes;
        probe.expect(now + PERIOD);
    }

    /** The timer runs, and the next one is set. */
    private void runLate(long by) {
        now += PERIOD + by;
        probe.tick(now);
        set(0);
    }

    private static TelemetrySample.Lag lag(long newest, long worst) {
        return new TelemetrySample.Lag(Duration.ofNanos(newest), Duration.ofNanos(worst));
    }
}
