package dev.resound;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class ResourceLimitsTest {

    private static final long PLENTY = Long.MAX_VALUE / 2;
    private static final long MIB = 1 << 20;

    private static int plain(long heapBytes, long openFiles) {
        return new ResourceLimits(heapBytes, openFiles).webSockets(false, false, false);
    }

    @Test
    void three_quarters_of_the_heap_are_for_websockets() {
        assertThat(plain(64 * MIB, PLENTY)).isEqualTo(48 * 1024 / 24);
        assertThat(plain(1, PLENTY)).isEqualTo(1);
        assertThat(plain(PLENTY, PLENTY)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void open_files_limit_websockets_too() {
        assertThat(plain(PLENTY, 20_000)).isEqualTo(13_973);
        assertThat(plain(PLENTY, 1024)).isEqualTo(630);
        assertThat(plain(PLENTY, 100)).isEqualTo(36);
        assertThat(plain(PLENTY, 1)).isEqualTo(1);
    }

    @Test
    void tls_and_compression_each_cost_websockets() {
        var limits = new ResourceLimits(64 * MIB, PLENTY);
        assertThat(limits.webSockets(true, false, false)).isEqualTo(48 * 1024 / 32);
        assertThat(limits.webSockets(false, false, true)).isEqualTo(64 * 1024 / 208);
        assertThat(limits.webSockets(true, false, true)).isEqualTo(64 * 1024 / 208);
        assertThat(limits.webSockets(false, true, false)).isEqualTo(64 * 1024 / 32);
    }

    @Test
    void compressed_connections_never_take_more_memory_outside_of_the_heap_than_the_heap_has() {
        for (long heap : new long[] {32 * MIB, 64 * MIB, 1024 * MIB}) {
            long measured = 170 * 1024;
            assertThat(new ResourceLimits(heap, PLENTY).webSockets(false, false, true) * measured)
                    .isLessThan(heap);
        }
    }

    @Test
    void pending_connections_have_half_of_the_heap_or_what_websockets_leave_of_it() {
        var limits = new ResourceLimits(64 * MIB, PLENTY);
        assertThat(limits.pending(0)).isEqualTo(32 * 1024 / 32);
        assertThat(limits.pending(1000)).isEqualTo(1024);
        assertThat(limits.pending(2048)).isEqualTo(16 * 1024 / 32);
    }

    @Test
    void pending_connections_have_what_websockets_leave_of_the_open_files() {
        var limits = new ResourceLimits(PLENTY, 1024);
        assertThat(limits.pending(0)).isEqualTo(840);
        assertThat(limits.pending(800)).isEqualTo(40);
    }

    @Test
    void some_may_wait_even_where_nothing_is_left_so_that_a_client_gets_its_503() {
        assertThat(new ResourceLimits(1, PLENTY).pending(1)).isEqualTo(ResourceLimits.FEWEST_PENDING);
        assertThat(new ResourceLimits(PLENTY, 1024).pending(840)).isEqualTo(ResourceLimits.FEWEST_PENDING);
        assertThat(new ResourceLimits(1, 1).pending(1)).isEqualTo(ResourceLimits.FEWEST_PENDING);
    }

    @Test
    void this_process_has_both_limits() {
        var limits = ResourceLimits.ofProcess();
        assertThat(limits.heapBytes()).isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(limits.openFiles())
                .isEqualTo(ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                        .getMaxFileDescriptorCount());
        assertThat(limits.webSockets(false, false, false)).isGreaterThan(1);
    }
}
