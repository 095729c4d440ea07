package dev.resound.websocket.protocol;

import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static dev.resound.websocket.protocol.TestPeer.Ending.CLOSE;
import static dev.resound.websocket.protocol.TestPeer.Ending.SHUTDOWN_OUTPUT;
import static dev.resound.websocket.protocol.TestPeer.X;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireFrame;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pings, the 2*X rule to the nanosecond, and stalls of the service. */
class ConnectionKeepAliveTest {

    /** Timers fire on a tick; a tick is 1/256 of X. */
    private static final Duration TICK = X.dividedBy(256);

    private static final Duration NANO = Duration.ofNanos(1);
    private static final WireFrame IDLE = close(1001, "nothing received for 20s");

    private final TestPeer peer = TestPeer.open();

    private static TestPeer open(Duration interval, Duration timeout) {
        return TestPeer.open(
                new ProtocolSettings(interval, timeout, TestPeer.CLOSING, TestPeer.PIECE, 0), SubprotocolHandler.ECHO);
    }

    private void answersPings(Duration time) {
        for (Duration rest = time; rest.isPositive(); rest = rest.minus(X.dividedBy(4))) {
            peer.passes(X.dividedBy(4));
            for (WireFrame frame : peer.frames()) {
                peer.sends(WireFrame.frame(WireFrame.PONG, frame.payload()));
            }
        }
    }

    @Test
    void the_2x_rule_holds_to_the_nanosecond() {
        peer.passes(X.plus(TICK)).frames();
        peer.now += X.minus(TICK).minus(NANO).toNanos();
        peer.connection.onTimer();
        peer.expect();
        peer.now += 1;
        peer.connection.onTimer();
        peer.expect(IDLE);
        peer.expectEnd(CloseCause.IDLE, 1001, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_silent_peer_is_pinged_once_and_disconnected_within_a_tick_of_2x() {
        peer.passes(X.multipliedBy(2).plus(TICK));
        assertThat(peer.frames()).extracting(WireFrame::opcode).containsExactly(WireFrame.PING, WireFrame.CLOSE);
        assertThat(peer.pingsSent).isOne();
        peer.expectEnd(CloseCause.IDLE, 1001, SHUTDOWN_OUTPUT);
    }

    @Test
    void an_idle_peer_is_disconnected_soon_after_the_close_frame() {
        peer.passes(X.multipliedBy(2).plus(TICK).plusMillis(100))
                .expectEnd(CloseCause.IDLE, 1001, SHUTDOWN_OUTPUT, CLOSE);
    }

    @Test
    void a_connection_whose_ping_cannot_be_flushed_ends_after_the_closing_timeout() {
        peer.duringFlush = peer.connection::onPeerLost;
        peer.passes(X.plus(TICK)).passes(TestPeer.CLOSING);
        peer.expectEnd(CloseCause.NETWORK, 1006, CLOSE, CLOSE);
    }

    @Test
    void the_2x_count_from_the_last_byte() {
        peer.passes(X.multipliedBy(19).dividedBy(10))
                .sends(new byte[] {text("x").bytes()[0]});
        peer.passes(X.multipliedBy(19).dividedBy(10));
        assertThat(peer.endings).isEmpty();
        peer.passes(X.dividedBy(10).plus(TICK));
        assertThat(peer.endings).containsExactly(SHUTDOWN_OUTPUT);
        peer.disconnects();
    }

    @Test
    void a_peer_that_answers_pings_stays_and_is_pinged_every_x() {
        answersPings(X.multipliedBy(10));
        assertThat(peer.endings).isEmpty();
        assertThat(peer.pingsSent).isBetween(9, 10);
        assertThat(peer.roundTrips).hasSize(peer.pingsSent);
        assertThat(peer.pongsReceived).isEqualTo(peer.pingsSent);
        peer.disconnects();
    }

    @Test
    void only_the_pong_to_the_newest_ping_yields_a_round_trip_time_and_only_once() {
        peer.passes(X.plus(TICK));
        WireFrame older = peer.frames().getFirst();
        peer.sends(pong("unasked")).passes(X.plus(TICK));
        WireFrame newest = peer.frames().getFirst();
        peer.passes(Duration.ofMillis(7));
        for (WireFrame answered : List.of(older, newest, newest)) {
            peer.sends(WireFrame.frame(WireFrame.PONG, answered.payload()));
        }
        assertThat(peer.roundTrips)
                .hasSize(1)
                .allSatisfy(nanos -> assertThat(Duration.ofNanos(nanos))
                        .isBetween(
                                Duration.ofMillis(7),
                                Duration.ofMillis(7).plus(TICK).plus(TICK)));
        assertThat(peer.pongsReceived).isEqualTo(4);
        peer.disconnects();
    }

    @Test
    void a_pong_may_come_within_the_resolution_of_the_clock() {
        peer.stalls(X.plus(TICK)).firesIfDue();
        peer.sends(WireFrame.frame(WireFrame.PONG, peer.frames().getFirst().payload()));
        assertThat(peer.roundTrips).containsExactly(0L);
        peer.disconnects();
    }

    @Test
    void a_stall_of_the_service_costs_a_silent_peer_nothing_and_it_is_pinged() {
        answersPings(X);
        peer.stalls(X.multipliedBy(3)).firesIfDue();
        assertThat(peer.frames()).extracting(WireFrame::opcode).containsExactly(WireFrame.PING);
        peer.passes(X.multipliedBy(2).minus(NANO));
        assertThat(peer.endings).isEmpty();
        peer.passes(TICK);
        assertThat(peer.endings).containsExactly(SHUTDOWN_OUTPUT);
        peer.expectEnd(CloseCause.IDLE, 1001, SHUTDOWN_OUTPUT);
    }

    @Test
    void after_a_slightly_late_check_waiting_input_is_read_first() {
        peer.passes(X.plus(TICK)).frames();
        peer.stalls(X).firesIfDue(); // Late by less than a tick.
        peer.expect();
        peer.sends(text("was waiting")).passes(X.dividedBy(2));
        assertThat(peer.frames()).contains(text("was waiting"));
        assertThat(peer.endings).isEmpty();
        peer.disconnects();
    }

    @Test
    void a_late_check_without_waiting_input_ends_the_connection_a_moment_later() {
        peer.passes(X.plus(TICK)).frames();
        peer.stalls(X).firesIfDue().passes(Duration.ofMillis(1)).firesIfDue();
        peer.stalls(Duration.ofMillis(2)).firesIfDue();
        peer.expect(IDLE).expectEnd(CloseCause.IDLE, 1001, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_dead_peer_is_disconnected_once_repeated_stalls_are_over() {
        for (int i = 0; i < 5; i++) {
            peer.stalls(X.multipliedBy(5)).firesIfDue();
        }
        assertThat(peer.endings).isEmpty();
        peer.passes(X.multipliedBy(2).plus(TICK));
        assertThat(peer.endings).containsExactly(SHUTDOWN_OUTPUT);
        peer.disconnects();
    }

    @Test
    void a_timeout_replaces_2x() {
        for (Duration timeout : List.of(X.dividedBy(2), X, X.plus(NANO), X.multipliedBy(3))) {
            TestPeer other = open(X, timeout);
            other.passes(timeout.minus(NANO));
            assertThat(other.endings).isEmpty();
            other.passes(Duration.ofMillis(100));
            other.expectEnd(CloseCause.IDLE, 1001, SHUTDOWN_OUTPUT);
        }
    }

    @Test
    void with_a_timeout_and_no_interval_no_peer_is_pinged() {
        TestPeer other = open(Duration.ZERO, X);
        other.passes(X.plus(TICK));
        assertThat(other.pingsSent).isZero();
        other.expectEnd(CloseCause.IDLE, 1001, SHUTDOWN_OUTPUT);
    }

    @Test
    void without_a_timeout_no_peer_is_pinged_or_disconnected() {
        TestPeer other = open(Duration.ZERO, Duration.ZERO);
        other.passes(Duration.ofDays(300));
        other.expect().expectEnd(CloseCause.NETWORK, 1006);
    }
}
