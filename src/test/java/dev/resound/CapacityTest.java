package dev.resound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapacityTest {

    private static final long PLENTY = Long.MAX_VALUE;
    private static final long MIB = 1 << 20;

    @Test
    void the_heap_limits_the_connections() {
        assertThat(new Capacity(64 * MIB, PLENTY).connections()).isEqualTo(2048);
        assertThat(new Capacity(1, PLENTY).connections()).isEqualTo(1);
        assertThat(new Capacity(PLENTY, PLENTY).connections()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void the_limit_of_open_files_limits_them_too_and_leaves_room_for_those_who_are_refused() {
        assertThat(new Capacity(PLENTY, 1024).connections()).isEqualTo(672);
        assertThat(new Capacity(PLENTY, 20_000).connections()).isEqualTo(14_904);
        assertThat(new Capacity(PLENTY, 100).connections()).isEqualTo(1);
    }

    @Test
    void a_share_of_that_may_wait_on_the_event_loops_together_but_never_too_few_to_get_in() {
        assertThat(new Capacity(64 * MIB, PLENTY).waiting(2)).isEqualTo(256);
        assertThat(new Capacity(PLENTY, 1024).waiting(2)).isEqualTo(56);
        assertThat(new Capacity(1, PLENTY).waiting(2)).isEqualTo(16);
    }

    @Test
    void this_process_has_both_limits() {
        assertThat(Capacity.ofProcess().heapBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(Capacity.ofProcess().openFiles()).isPositive();
        assertThat(Capacity.ofProcess().connections()).isGreaterThan(1);
    }
}
