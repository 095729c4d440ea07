package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeepAliveClockTest {

    private static final long X = 1000;

    /** Starts near the overflow, as {@link System#nanoTime} may. */
    private long now = Long.MAX_VALUE - 500;

    private final KeepAliveClock clock = clock(X, 2 * X);

    @Test
    void nothing_is_due_before_x() {
        assertWait(X);
        now += X - 1;
        assertWait(1);
    }

    @Test
    void a_ping_is_due_every_x() {
        for (int i = 0; i < 5; i++) {
            now += X;
            assertThat(clock.check()).isInstanceOf(KeepAliveClock.Verdict.Ping.class);
            clock.sign();
            assertWait(X);
        }
    }

    @Test
    void without_a_sign_of_life_the_end_is_due_at_2x_and_not_a_nanosecond_before() {
        now += X;
        assertThat(clock.check()).isInstanceOf(KeepAliveClock.Verdict.Ping.class);
        now += X - 1;
        assertWait(1);
        now += 1;
        assertThat(clock.check()).isInstanceOf(KeepAliveClock.Verdict.Expired.class);
        now += 10 * X;
        assertThat(clock.check()).isInstanceOf(KeepAliveClock.Verdict.Expired.class);
    }

    @Test
    void the_2x_count_from_the_last_sign() {
        now += X / 2;
        clock.sign();
        now += X / 2;
        assertThat(clock.check()).isInstanceOf(KeepAliveClock.Verdict.Ping.class);
        now += X;
        assertThat(clock.check()).isInstanceOf(KeepAliveClock.Verdict.Ping.class);
        assertWait(X / 2);
        now += X / 2;
        assertThat(clock.check()).isInstanceOf(KeepAliveClock.Verdict.Expired.class);
    }

    @Test
    void pings_that_were_missed_are_not_made_up_for_and_the_rhythm_stays() {
        now += 3 * X + 10;
        clock.sign();
        assertThat(clock.check()).isInstanceOf(KeepAliveClock.Verdict.Ping.class);
        assertWait(X - 10);
    }

    @Test
    void a_timeout_above_2x_ends_the_connection_then_and_not_a_nanosecond_before() {
        assertEndsAt(clock(X, 5 * X / 2), 5 * X / 2, 2);
    }

    @Test
    void a_timeout_between_x_and_2x_ends_the_connection_then_and_not_a_nanosecond_before() {
        assertEndsAt(clock(X, X + 1), X + 1, 1);
    }

    @Test
    void a_timeout_of_x_or_less_ends_the_connection_before_any_ping() {
        assertEndsAt(clock(X, X), X, 0);
        assertEndsAt(clock(X, 1), 1, 0);
    }

    @Test
    void without_an_interval_nobody_is_pinged_and_the_timeout_holds() {
        KeepAliveClock silent = clock(0, X);
        now += X - 1;
        assertThat(silent.check()).isEqualTo(new KeepAliveClock.Verdict.Wait(1));
        silent.sign();
        assertEndsAt(silent, X, 0);
    }

    /** Checks at each moment at which something is due, and a nanosecond before the end. */
    private void assertEndsAt(KeepAliveClock checked, long end, int pings) {
        long last = now + end - 1;
        int pinged = 0;
        long wait = 0;
        while (wait == 0 || now != last) {
            switch (checked.check()) {
                case KeepAliveClock.Verdict.Ping() -> pinged++;
                case KeepAliveClock.Verdict.Wait(long nanos) -> {
                    wait = now == last ? nanos : 0;
                    now += Math.min(nanos, last - now);
                }
                case KeepAliveClock.Verdict.Expired() -> throw new AssertionError((last - now) + " ns too early");
            }
        }
        assertThat(wait).isEqualTo(1);
        now++;
        assertThat(checked.check()).isInstanceOf(KeepAliveClock.Verdict.Expired.class);
        assertThat(pinged).isEqualTo(pings);
    }

    private KeepAliveClock clock(long interval, long timeout) {
        return new KeepAliveClock(Duration.ofNanos(interval), Duration.ofNanos(timeout), () -> now);
    }

    private void assertWait(long nanos) {
        assertThat(clock.check()).isEqualTo(new KeepAliveClock.Verdict.Wait(nanos));
    }
}
