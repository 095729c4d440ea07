package dev.resound;

import static dev.resound.test.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OverloadGuardTest {

    private static final int MAX_HEAP = 1000;
    private static final int MAX_DIRECT = 2000;

    private final CapturedLog log = new CapturedLog(OverloadGuard.class);
    private long direct;
    private int collections;
    private final OverloadGuard guard = new OverloadGuard(MAX_HEAP, () -> direct, MAX_DIRECT, () -> collections++);

    @AfterEach
    void close() {
        log.close();
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void overload_begins_above_85_percent_of_live_heap() {
        assertThat(guard.isActive()).isFalse();
        guard.collected(850, true, seconds(1));
        assertThat(guard.isActive()).isFalse();
        guard.collected(851, true, seconds(2));
        assertThat(guard.isActive()).isTrue();
    }

    @Test
    void overload_ends_at_75_percent_and_not_before() {
        guard.collected(851, true, seconds(1));
        guard.collected(751, true, seconds(2));
        assertThat(guard.isActive()).isTrue();
        guard.collected(750, true, seconds(3));
        assertThat(guard.isActive()).isFalse();
        guard.collected(850, true, seconds(4));
        assertThat(guard.isActive()).isFalse();
    }

    @Test
    void overload_begins_and_ends_with_direct_memory_too_at_the_next_check() {
        direct = 1701;
        assertThat(guard.isActive()).isFalse();
        guard.check(seconds(1));
        assertThat(guard.isActive()).isTrue();
        direct = 1501;
        guard.check(seconds(2));
        assertThat(guard.isActive()).isTrue();
        direct = 1500;
        guard.check(seconds(3));
        assertThat(guard.isActive()).isFalse();
    }

    @Test
    void both_kinds_of_memory_must_have_fallen() {
        direct = 1701;
        guard.collected(851, true, seconds(1));
        direct = 0;
        guard.check(seconds(2));
        assertThat(guard.isActive()).isTrue();
        guard.collected(100, true, seconds(3));
        assertThat(guard.isActive()).isFalse();
    }

    @Test
    void garbage_is_collected_while_overloaded_when_nothing_else_has_done_so_for_two_seconds() {
        guard.collected(900, true, seconds(10));
        guard.check(seconds(12));
        assertThat(collections).isZero();
        guard.check(seconds(12) + 1);
        assertThat(collections).isEqualTo(1);
        // It takes a while until its result comes.
        guard.check(seconds(13));
        assertThat(collections).isEqualTo(1);
        guard.collected(900, true, seconds(13));
        guard.check(seconds(15));
        assertThat(collections).isEqualTo(1);
        guard.check(seconds(16));
        assertThat(collections).isEqualTo(2);
    }

    @Test
    void garbage_is_not_collected_without_overload() {
        guard.collected(850, true, seconds(1));
        guard.check(seconds(1000));
        assertThat(collections).isZero();
    }

    @Test
    void what_may_be_garbage_is_no_overload_and_is_collected_to_find_out() {
        guard.collected(100, true, seconds(1));
        guard.collected(900, false, seconds(2));
        guard.check(seconds(2));
        assertThat(guard.isActive()).isFalse();
        guard.check(seconds(4));
        assertThat(collections).isEqualTo(1);
        guard.collected(200, true, seconds(4));
        guard.check(seconds(100));
        assertThat(guard.isActive()).isFalse();
        assertThat(collections).isEqualTo(1);
        guard.collected(900, false, seconds(101));
        guard.collected(860, true, seconds(102));
        assertThat(guard.isActive()).isTrue();
        // A collection of a part shows that less is alive, but not how much.
        guard.collected(740, false, seconds(103));
        assertThat(guard.isActive()).isFalse();
    }

    @Test
    void each_change_is_logged_once() {
        guard.check(seconds(1));
        assertThat(log.lines()).isEmpty();
        for (int i = 0; i < 10; i++) {
            guard.collected(900, true, seconds(i));
            guard.check(seconds(i));
        }
        assertThat(log.lines())
                .containsExactly("WARN overloaded, new connections are refused live_heap=900 max_heap=1000"
                        + " direct_memory=0 max_direct_memory=2000");
        for (int i = 10; i < 20; i++) {
            guard.collected(100, true, seconds(i));
            guard.check(seconds(i));
        }
        assertThat(log.lines())
                .hasSize(2)
                .last()
                .isEqualTo("INFO no longer overloaded live_heap=100 max_heap=1000"
                        + " direct_memory=0 max_direct_memory=2000");
    }

    @Test
    void the_garbage_collectors_of_the_process_tell_it_what_is_alive() {
        // With so small a maximum any live heap is too much.
        var listening = new OverloadGuard(1, () -> 0, MAX_DIRECT, System::gc);
        listening.listen();
        System.gc();
        await("the guard is active").until(listening::isActive);
    }
}
