package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeepAliveClockTest {

    private static final long X = 1000;

    /** Starts near the overflow, as {@link System#nanoTime} may. */
    private long now = Long.MAX_VALUE - 500;

    private final KeepAliveClock clock = new KeepAliveClock(Duration.ofNanos(X), () -> now);

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

    private void assertWait(long nanos) {
        assertThat(clock.check()).isEqualTo(new KeepAliveClock.Verdict.Wait(nanos));
    }
}
