package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StallTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void a_timer_shows_a_stall_if_it_is_more_than_a_second_late() {
        assertThat(Stall.isShownBy(SECOND, 8 * SECOND)).isFalse();
        assertThat(Stall.isShownBy(SECOND + 1, 8 * SECOND)).isTrue();
    }

    @Test
    void a_short_timer_shows_a_stall_if_it_is_more_than_a_quarter_of_its_time_late() {
        assertThat(Stall.isShownBy(SECOND / 4, SECOND)).isFalse();
        assertThat(Stall.isShownBy(SECOND / 4 + 1, SECOND)).isTrue();
    }

    @Test
    void a_timer_that_is_early_shows_none() {
        assertThat(Stall.isShownBy(-1, SECOND)).isFalse();
    }
}
