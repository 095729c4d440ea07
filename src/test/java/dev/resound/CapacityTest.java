package dev.resound;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class CapacityTest {

    private static final long PLENTY = Long.MAX_VALUE;
    private static final long MIB = 1 << 20;

    @Test
    void the_heap_limits_the_connections() {
        assertThat(new Capacity(64 * MIB, PLENTY).sockets()).isEqualTo(2730);
        assertThat(new Capacity(1, PLENTY).sockets()).isEqualTo(1);
        assertThat(new Capacity(PLENTY, PLENTY).sockets()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void the_limit_of_open_files_limits_them_too() {
        assertThat(new Capacity(PLENTY, 1024).sockets()).isEqualTo(840);
        assertThat(new Capacity(PLENTY, 20_000).sockets()).isEqualTo(18_630);
        assertThat(new Capacity(PLENTY, 100).sockets()).isEqualTo(1);
    }

    @Test
    void there_is_always_room_for_those_who_are_refused() {
        assertThat(new Capacity(64 * MIB, PLENTY).connections()).isEqualTo(2048);
        assertThat(new Capacity(PLENTY, 20_000).connections()).isEqualTo(13_973);
        assertThat(new Capacity(1, 1).connections()).isEqualTo(1);
    }

    @Test
    void whoever_waits_has_what_the_web_sockets_leave_and_never_too_little_to_get_in() {
        assertThat(new Capacity(64 * MIB, PLENTY).waiting(0)).isEqualTo(2730);
        assertThat(new Capacity(64 * MIB, PLENTY).waiting(2048)).isEqualTo(682);
        assertThat(new Capacity(1, PLENTY).waiting(1)).isEqualTo(32);
    }

    @Test
    void this_process_has_both_limits() {
        assertThat(Capacity.ofProcess().heapBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(Capacity.ofProcess().openFiles())
                .isEqualTo(ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                        .getMaxFileDescriptorCount());
        assertThat(Capacity.ofProcess().connections()).isGreaterThan(1);
    }
}
