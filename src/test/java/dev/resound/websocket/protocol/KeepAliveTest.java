package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.protocol.KeepAlive.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When checks are due and what they say, to the nanosecond. {@link ConnectionKeepAliveTest} tests what a peer sees of it. */
class KeepAliveTest {

    /** A multiple of every tick here. */
    private static final long START = Duration.ofHours(1).toNanos();

    private static KeepAlive started(long interval, long timeout) {
        var keepAlive = new KeepAlive(Duration.ofMillis(interval), Duration.ofMillis(timeout));
        keepAlive.start(START);
        return keepAlive;
    }

    private static long at(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }

    private static void assertDue(KeepAlive keepAlive, long millis) {
        assertThat(keepAlive.delay(START)).isEqualTo(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void it_is_off_without_a_timeout() {
        assertThat(new KeepAlive(Duration.ofSeconds(1), Duration.ZERO).isOn()).isFalse();
        assertThat(new KeepAlive(Duration.ZERO, Duration.ofNanos(1)).isOn()).isTrue();
    }

    @Test
    void a_peer_is_pinged_when_x_is_over_and_not_a_nanosecond_before() {
        KeepAlive keepAlive = started(1024, 2048);
        assertDue(keepAlive, 1024);
        assertThat(keepAlive.check(0, at(1024) - 1)).isEqualTo(Verdict.NOTHING);
        assertThat(keepAlive.check(0, at(1024))).isEqualTo(Verdict.PING);
        assertThat(keepAlive.check(0, at(1024))).isEqualTo(Verdict.NOTHING);
        assertDue(keepAlive, 2048);
    }

    @Test
    void a_check_that_is_on_time_ends_a_silent_peer_at_once() {
        KeepAlive keepAlive = started(0, 2048);
        assertDue(keepAlive, 2048);
        assertThat(keepAlive.check(0, at(2048))).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void a_check_that_is_a_little_late_waits_a_millisecond_for_input() {
        KeepAlive keepAlive = started(0, 2048);
        long late = at(2048) + 1;
        assertThat(keepAlive.check(0, late)).isEqualTo(Verdict.NOTHING);
        assertThat(keepAlive.delay(late)).isEqualTo(Duration.ofMillis(1).toNanos());
        assertThat(keepAlive.check(0, at(2060))).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void checks_of_a_long_interval_share_its_ticks() {
        var keepAlive = new KeepAlive(Duration.ofMillis(1024), Duration.ofMillis(10_240)); // Every 4 ms.
        keepAlive.start(START + 1);
        assertDue(keepAlive, 1028);
    }

    @Test
    void checks_without_an_interval_share_the_ticks_of_half_the_timeout() {
        var keepAlive = new KeepAlive(Duration.ZERO, Duration.ofMillis(5120)); // Every 10 ms.
        keepAlive.start(START + 1);
        assertDue(keepAlive, 5130);
    }

    @Test
    void checks_of_a_timeout_that_is_shorter_than_2x_share_the_ticks_of_half_the_timeout() {
        var keepAlive = new KeepAlive(Duration.ofMillis(10_240), Duration.ofMillis(1024)); // Every 2 ms.
        keepAlive.start(START + 1);
        assertDue(keepAlive, 1026);
    }

    @Test
    void missed_pings_are_not_made_up_for() {
        KeepAlive keepAlive = started(256, 16_384);
        assertThat(keepAlive.check(0, at(256 + 600))).isEqualTo(Verdict.PING);
        assertDue(keepAlive, 4 * 256);
        assertThat(keepAlive.check(0, at(4 * 256))).isEqualTo(Verdict.PING);
        assertDue(keepAlive, 5 * 256);
    }

    @Test
    void a_peer_that_does_not_read_is_checked_eight_times_within_the_timeout() {
        KeepAlive keepAlive = started(1024, 4096);
        keepAlive.blocked(100, at(256));
        assertDue(keepAlive, 256 + 512);
        assertThat(keepAlive.check(100, at(768))).isEqualTo(Verdict.NOTHING);
        assertDue(keepAlive, 1024);
    }

    @Test
    void a_peer_that_does_not_read_is_not_pinged() {
        KeepAlive keepAlive = started(1024, 4096);
        keepAlive.blocked(100, START);
        assertThat(keepAlive.check(100, at(1024))).isEqualTo(Verdict.NOTHING);
        keepAlive.released(at(1025));
        assertThat(keepAlive.check(100, at(2048))).isEqualTo(Verdict.PING);
    }

    @Test
    void a_peer_that_reads_again_has_the_whole_timeout_from_then_on() {
        KeepAlive keepAlive = started(0, 4096);
        keepAlive.blocked(100, at(3800));
        keepAlive.released(at(4000));
        assertThat(keepAlive.check(100, at(4096))).isEqualTo(Verdict.NOTHING);
        assertDue(keepAlive, 4000 + 4096);
    }

    @Test
    void taking_output_is_activity_of_a_peer_that_does_not_read_and_taking_none_is_not() {
        KeepAlive keepAlive = started(0, 4096);
        keepAlive.blocked(100, START);
        assertThat(keepAlive.check(99, at(512))).isEqualTo(Verdict.NOTHING);
        for (int millis = 1024; millis < 512 + 4096; millis += 512) {
            assertThat(keepAlive.check(99, at(millis))).isEqualTo(Verdict.NOTHING);
        }
        assertThat(keepAlive.check(99, at(512 + 4096))).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void after_a_stall_a_peer_is_pinged_and_has_the_whole_timeout() {
        KeepAlive keepAlive = started(1024, 2048);
        assertThat(keepAlive.check(0, at(10_240))).isEqualTo(Verdict.PING);
        assertDue(keepAlive, 10_240 + 1024);
        assertThat(keepAlive.check(0, at(10_240 + 1024))).isEqualTo(Verdict.PING);
        assertDue(keepAlive, 10_240 + 2048);
        assertThat(keepAlive.check(0, at(10_240 + 2048))).isEqualTo(Verdict.EXPIRED);
    }

    @Test
    void a_pong_in_the_same_nanosecond_is_a_round_trip_of_zero() {
        KeepAlive keepAlive = started(1024, 2048);
        byte[] ping = keepAlive.ping(START);
        assertThat(keepAlive.roundTrip(new byte[8], START)).isNegative();
        assertThat(keepAlive.roundTrip(new byte[7], START)).isNegative();
        assertThat(keepAlive.roundTrip(ping, START)).isZero();
        assertThat(keepAlive.roundTrip(ping, START)).as("once").isNegative();
    }
}
