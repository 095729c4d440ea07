package dev.resound.websocket.protocol;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static dev.resound.websocket.protocol.TestPeer.Ending.CLOSE;
import static dev.resound.websocket.protocol.TestPeer.Ending.RESET;
import static dev.resound.websocket.protocol.TestPeer.Ending.SHUTDOWN_OUTPUT;
import static dev.resound.websocket.protocol.TestPeer.X;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Slow readers: bounded output, no loss, and the original order. */
class ConnectionBackPressureTest {

    private static final int CAPACITY = 64 * 1024;

    private final TestPeer peer = TestPeer.open();
    private final WireFrame filling = binary(TestPeer.bytes(1000));

    @BeforeEach
    void the_peer_reads_slowly() {
        peer.capacity = CAPACITY;
    }

    /** Sends frames until the connection stops reading. */
    private int fill() {
        int frames = 0;
        while (peer.reading) {
            peer.sends(filling);
            frames++;
        }
        return frames;
    }

    @Test
    void a_connection_stops_reading_when_its_peer_does_not_read() {
        int frames = fill();
        assertThat(frames).isEqualTo(CAPACITY / 1004 + 2);
        assertThat(peer.pauses).isOne();
        assertThat(peer.connection.isPaused()).isTrue();
        peer.disconnects();
    }

    @Test
    void one_read_of_thousands_of_pings_yields_no_more_pongs_than_the_output_takes() {
        byte[] ping = ping("").bytes();
        byte[] read = new byte[ping.length * 50_000];
        for (int i = 0; i < read.length; i++) {
            read[i] = ping[i % ping.length];
        }
        peer.sends(read);
        assertThat(peer.pending()).isBetween((long) CAPACITY, CAPACITY + 100L);
        peer.readsEverything();
        assertThat(peer.frames()).hasSize(50_000).containsOnly(pong(""));
        peer.disconnects();
    }

    @Test
    void input_that_arrives_during_a_pause_waits_and_is_echoed_in_order() {
        int frames = fill();
        peer.frames();
        peer.sends(text("1")).sends(ping("2"), text("3")).expect();
        assertThat(peer.connection.heldBytes()).isPositive();
        peer.reads(frames * 1004L).expect(text("1"), pong("2"), text("3"));
        assertThat(peer.reading).isTrue();
        assertThat(peer.connection.heldBytes()).isZero();
        peer.disconnects();
    }

    @Test
    void many_small_reads_wait_in_few_buffers() {
        fill();
        peer.frames();
        byte[] frame = text("x").bytes();
        for (int i = 0; i < 1000; i++) {
            for (byte each : frame) {
                peer.sends(new byte[] {each});
            }
        }
        assertThat(peer.allocator.metric().usedDirectMemory()).isLessThan(20_000);
        peer.readsEverything();
        assertThat(peer.frames()).isEqualTo(Collections.nCopies(1000, text("x")));
        peer.disconnects();
    }

    @Test
    void the_end_of_input_does_not_overtake_waiting_input() {
        fill();
        peer.frames();
        peer.sends(text("echo me"), close(1000, "bye"));
        peer.connection.endOfInput();
        assertThat(peer.endings).isEmpty();
        peer.readsEverything().expect(text("echo me"), close(1000, "bye"));
        peer.expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT);
    }

    @Test
    void the_end_of_input_without_a_close_waits_too() {
        fill();
        peer.frames();
        peer.sends(text("echo me"));
        peer.connection.endOfInput();
        assertThat(peer.endings).isEmpty();
        peer.readsEverything().expect(text("echo me")).expectEnd(CloseCause.NETWORK, 1006, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_drain_does_not_overtake_waiting_input() {
        fill();
        peer.frames();
        peer.sends(text("echo me"));
        peer.connection.drain();
        peer.expect().sends(text("too late"));
        peer.readsEverything().expect(text("echo me"), close(1001, "server draining"));
        assertThat(peer.endings).isEmpty();
        peer.sends(close(1001)).expectEnd(CloseCause.DRAIN, 1001, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_drain_that_waits_longer_than_the_closing_timeout_closes_the_connection() {
        fill();
        peer.sends(text("never echoed"));
        peer.connection.drain();
        peer.passes(TestPeer.CLOSING.minusNanos(1)).reads(1);
        assertThat(peer.endings).isEmpty();
        peer.passes(Duration.ofNanos(1)).expectEnd(CloseCause.DRAIN, 1006, CLOSE);
    }

    @Test
    void the_close_of_a_drain_waits_behind_output_and_the_answer_is_still_read() {
        fill();
        peer.frames();
        peer.connection.drain();
        peer.expect(close(1001, "server draining"));
        assertThat(peer.reading).isTrue();
        peer.sends(close(1001)).expectEnd(CloseCause.DRAIN, 1001, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_drain_that_waited_takes_the_closing_timeout_only_once() {
        int frames = fill();
        peer.sends(text("echo me"));
        peer.connection.drain();
        peer.passes(TestPeer.CLOSING.dividedBy(2)).reads(frames * 1004L);
        peer.passes(TestPeer.CLOSING.dividedBy(2)).expectEnd(CloseCause.DRAIN, 1001, CLOSE);
    }

    @Test
    void a_peer_that_takes_nothing_for_2x_is_reset_as_a_slow_consumer() {
        fill();
        peer.passes(X.multipliedBy(2).minusNanos(1));
        assertThat(peer.endings).isEmpty();
        peer.passes(Duration.ofMillis(200)).expectEnd(CloseCause.SLOW_CONSUMER, 1006, RESET);
    }

    @Test
    void a_peer_that_reads_a_little_from_time_to_time_stays_and_is_not_pinged() {
        fill();
        for (int i = 0; i < 20; i++) {
            peer.passes(X).reads(1);
        }
        assertThat(peer.endings).isEmpty();
        assertThat(peer.pingsSent).isZero();
        peer.disconnects();
    }

    @Test
    void a_stall_of_the_service_is_not_charged_to_a_slow_reader() {
        fill();
        peer.stalls(X.multipliedBy(4)).firesIfDue();
        assertThat(peer.endings).isEmpty();
        peer.readsEverything().passes(X);
        assertThat(peer.endings).isEmpty();
        peer.disconnects();
    }

    @Test
    void a_closing_peer_that_still_takes_output_is_not_cut() {
        peer.sends(filling, filling, close(1000));
        for (int i = 0; i < 20; i++) {
            peer.passes(TestPeer.CLOSING.dividedBy(2)).reads(1);
        }
        assertThat(peer.endings).containsExactly(SHUTDOWN_OUTPUT);
        peer.passes(TestPeer.CLOSING.multipliedBy(2));
        peer.expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT, CLOSE);
    }

    @Test
    void a_closing_peer_that_takes_the_echo_of_its_last_read_gets_all_of_it() {
        peer.sends(binary(TestPeer.bytes(30_000)), close(1000));
        for (int i = 0; i < 29; i++) {
            peer.reads(1000).passes(Duration.ofSeconds(1));
        }
        peer.expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT);
    }

    @Test
    void output_that_was_taken_at_once_does_not_double_the_closing_timeout() {
        TestPeer other = TestPeer.open();
        other.sends(ping("x"), close(1000));
        other.connection.flush(); // The end of the read.
        other.passes(TestPeer.CLOSING).expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT, CLOSE);
    }

    @Test
    void a_closing_peer_is_cut_in_a_drain_though_it_still_takes_output() {
        peer.sends(filling, filling, close(1000));
        peer.passes(TestPeer.CLOSING.dividedBy(2)).reads(1);
        peer.connection.drain();
        peer.passes(TestPeer.CLOSING.dividedBy(2)).reads(1);
        peer.expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT, CLOSE);
    }

    @Test
    void a_shortage_of_memory_ends_a_closing_peer_that_has_not_read_for_a_time() {
        peer.sends(filling, close(1000)).passes(Duration.ofSeconds(1));
        peer.connection.shed(Duration.ofSeconds(2));
        assertThat(peer.endings).containsExactly(SHUTDOWN_OUTPUT);
        peer.passes(Duration.ofSeconds(1));
        peer.connection.shed(Duration.ofSeconds(2));
        peer.expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT, RESET);
    }

    @Test
    void a_shortage_of_memory_ends_those_that_have_not_read_for_a_time() {
        fill();
        peer.connection.shed(Duration.ofSeconds(1));
        assertThat(peer.endings).isEmpty();
        peer.passes(Duration.ofSeconds(1));
        peer.connection.shed(Duration.ofSeconds(1));
        peer.expectEnd(CloseCause.SLOW_CONSUMER, 1006, RESET);
    }

    @Test
    void a_memory_shortage_ends_no_connection_that_reads() {
        peer.sends(text("x"));
        peer.connection.shed(Duration.ZERO);
        peer.expect(text("x")).expectEnd(CloseCause.NETWORK, 1006);
    }

    @Test
    void a_peer_that_takes_what_is_flushed_is_read_from_without_a_pause() {
        peer.takesWhatIsFlushed = true;
        peer.capacity = 100;
        WireFrame[] pings = new WireFrame[1000];
        Arrays.fill(pings, ping("are you there?"));
        peer.sends(pings);
        assertThat(peer.pauses).isZero();
        assertThat(peer.frames()).hasSize(1000);
        peer.disconnects();
    }

    @Test
    void all_that_was_echoed_is_flushed_before_a_pause() {
        peer.capacity = 10;
        byte[] first = text("the first frame").bytes();
        peer.sendsPart(Arrays.copyOf(first, 10));
        byte[] rest = Arrays.copyOfRange(first, 10, first.length);
        byte[] second = text("the second frame").bytes();
        peer.sendsPart(ByteBuffer.allocate(rest.length + second.length)
                .put(rest)
                .put(second)
                .array());
        assertThat(peer.pauses).isOne();
        peer.expect(text("the first frame"), text("the second frame")).disconnects();
    }

    @Test
    void a_message_of_the_service_pauses_a_connection_too() {
        peer.capacity = 100;
        try (var message = SharedMessage.text(TestPeer.bytes(101))) {
            peer.connection.send(message);
        }
        assertThat(peer.reading).isFalse();
        assertThat(peer.connection.isPaused()).isTrue();
        assertThat(peer.connection.isBusy()).isTrue();
        peer.readsEverything();
        assertThat(peer.connection.isBusy()).isFalse();
        peer.disconnects();
    }

    @Test
    void no_echo_follows_a_close_whose_flush_lets_the_peer_read_again() {
        fill();
        peer.frames();
        peer.sends(text("never echoed"));
        peer.duringFlush = peer::readsEverything;
        peer.connection.onFault(new IllegalStateException());
        peer.expect(close(1011, "internal error")).expectEnd(CloseCause.ERROR, 1011, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_connection_whose_flush_fails_does_not_pause() {
        peer.capacity = -1;
        peer.duringFlush = peer.connection::onPeerLost;
        peer.sendsPart(text("x").bytes());
        assertThat(peer.pauses).isZero();
        assertThat(peer.reading).isTrue();
        peer.expectEnd(CloseCause.NETWORK, 1006, CLOSE);
    }

    @Test
    void a_connection_that_has_ended_does_not_read_again_when_it_becomes_writable() {
        fill();
        peer.connection.onPeerLost();
        peer.connection.writable();
        assertThat(peer.reading).isFalse();
        peer.expectEnd(CloseCause.NETWORK, 1006, CLOSE);
    }

    @Test
    void a_peer_that_reads_again_is_pinged_again() {
        fill();
        peer.readsEverything().frames();
        peer.passes(X.plus(X.dividedBy(100)));
        assertThat(peer.pingsSent).isOne();
        peer.disconnects();
    }

    @Test
    void what_follows_a_close_that_waited_takes_no_turns() {
        fill();
        peer.sends(close(1000));
        for (int i = 0; i < 3; i++) {
            peer.sends(binary(TestPeer.bytes(70_000)));
        }
        peer.readsEverything();
        assertThat(peer.isYielded()).isFalse();
        assertThat(peer.connection.heldBytes()).isZero();
        peer.expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_slow_consumer_leaves_nothing_behind_that_waits() {
        fill();
        peer.sends(text("never echoed"));
        peer.connection.shed(Duration.ZERO);
        assertThat(peer.connection.heldBytes()).isZero();
        peer.expectEnd(CloseCause.SLOW_CONSUMER, 1006, RESET);
    }

    @Test
    void output_of_the_layer_below_pauses_a_connection_too() {
        peer.capacity = -1;
        peer.connection.checkBackPressure();
        assertThat(peer.reading).isFalse();
        peer.capacity = 0;
        peer.reads(0);
        assertThat(peer.reading).isTrue();
        peer.disconnects();
    }

    @Test
    void a_reset_releases_all_waiting_input() {
        fill();
        peer.sends(TestPeer.bytes(30_000)).sends(TestPeer.bytes(100));
        peer.connection.onPeerLost();
        assertThat(List.of(peer.disconnects().cause())).containsExactly(CloseCause.NETWORK);
    }
}
