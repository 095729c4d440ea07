package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClosingDeadlineTest {

    /** Near the overflow, as {@link System#nanoTime} may be. */
    private static final long START = Long.MAX_VALUE - 1000;

    private static final Duration PERIOD = Duration.ofSeconds(4);
    private static final long END = START + PERIOD.toNanos();

    private final ClosingDeadline deadline = new ClosingDeadline();

    @BeforeEach
    void a_period_starts_with_100_pending_bytes() {
        deadline.start(PERIOD, 100, START);
    }

    @Test
    void it_expires_at_the_end_of_the_period() {
        assertThat(deadline.delay(START + 1)).isEqualTo(PERIOD.toNanos() - 1);
        assertThat(deadline.expired(100, true, END)).isTrue();
    }

    @Test
    void progress_starts_the_period_again() {
        assertThat(deadline.expired(99, true, END)).isFalse();
        assertThat(deadline.delay(END)).isEqualTo(PERIOD.toNanos());
        assertThat(deadline.expired(99, true, END + PERIOD.toNanos())).isTrue();
    }

    @Test
    void the_last_output_that_the_peer_takes_is_not_progress() {
        assertThat(deadline.expired(0, true, END)).isTrue();
    }

    @Test
    void progress_counts_from_the_amount_measured_last() {
        deadline.measureFrom(50);
        assertThat(deadline.expired(50, true, END)).isTrue();
    }

    @Test
    void progress_does_not_start_a_period_again_that_is_not_extensible() {
        assertThat(deadline.expired(99, false, END)).isTrue();
    }

    @Test
    void a_stall_starts_the_period_again_even_if_it_is_not_extensible() {
        long late = END + Duration.ofSeconds(1).toNanos() + 1;
        assertThat(deadline.expired(100, false, late)).isFalse();
        assertThat(deadline.delay(late)).isEqualTo(PERIOD.toNanos());
    }

    @Test
    void the_elapsed_time_counts_from_the_last_start() {
        assertThat(deadline.elapsed(START + 7)).isEqualTo(7);
        assertThat(deadline.expired(99, true, END)).isFalse();
        assertThat(deadline.elapsed(END + 7)).isEqualTo(7);
    }

    @Test
    void the_delay_is_never_negative() {
        assertThat(deadline.delay(END + 1)).isZero();
    }
}
