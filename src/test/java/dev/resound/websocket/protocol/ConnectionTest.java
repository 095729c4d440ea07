package dev.resound.websocket.protocol;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.continuation;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static dev.resound.websocket.protocol.TestPeer.Ending.CLOSE;
import static dev.resound.websocket.protocol.TestPeer.Ending.SHUTDOWN_OUTPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.resound.test.WireFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Echo, closing and causes, without sockets and with a simulated clock. */
class ConnectionTest {

    @Test
    void frames_are_echoed_in_order_with_their_types_and_boundaries() {
        TestPeer peer = TestPeer.open();
        WireFrame[] frames = {text("a"), binary(new byte[] {1}), text("b").unfinished(), continuation("c"), text("")};
        peer.sends(frames).expect(frames);
        assertThat(peer.received).isEqualTo(4);
        assertThat(peer.sent).isEqualTo(4);
        assertThat(peer.receivedBytes).isEqualTo(4);
        assertThat(peer.sentBytes).isEqualTo(4);
        assertThat(peer.receivedText).isEqualTo(3);
        assertThat(peer.sentText).isEqualTo(3);
        peer.disconnects();
    }

    @Test
    void bytes_that_arrive_one_by_one_are_echoed_as_if_they_arrived_together() {
        TestPeer peer = TestPeer.open();
        for (byte each : text("slow").bytes()) {
            peer.sends(new byte[] {each});
        }
        peer.expect(text("slow")).disconnects();
    }

    @Test
    void a_ping_is_answered_between_the_frames_around_it() {
        TestPeer peer = TestPeer.open();
        peer.sends(text("a").unfinished(), ping("p"), continuation("b"))
                .expect(text("a").unfinished(), pong("p"), continuation("b"))
                .disconnects();
    }

    @Test
    void a_close_is_answered_with_its_own_code_and_reason_before_the_output_ends() {
        TestPeer peer = TestPeer.open();
        peer.sends(text("x"), close(4321, "bye")).expect(text("x"), close(4321, "bye"));
        peer.expectEnd(CloseCause.CLIENT, 4321, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_close_without_a_code_is_answered_without_a_code_and_reported_as_1005() {
        TestPeer peer = TestPeer.open();
        peer.sends(close()).expect(close());
        peer.expectEnd(CloseCause.CLIENT, 1005, SHUTDOWN_OUTPUT);
    }

    @Test
    void nothing_after_a_close_is_processed() {
        TestPeer peer = TestPeer.open();
        peer.sends(close(1000), text("late"))
                .sends(text("later"), WireFrame.text("bad").reserved(1));
        peer.expect(close(1000));
        assertThat(peer.received).isZero();
        peer.expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT);
    }

    @Test
    void everything_before_the_end_of_input_is_echoed_before_the_output_ends() {
        TestPeer peer = TestPeer.open();
        peer.sends(text("last"));
        peer.connection.endOfInput();
        peer.expect(text("last")).expectEnd(CloseCause.NETWORK, 1006, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_frame_truncated_by_the_end_of_input_is_not_echoed() {
        TestPeer peer = TestPeer.open();
        byte[] frame = text("incomplete").bytes();
        peer.sends(Arrays.copyOf(frame, frame.length - 1));
        peer.connection.endOfInput();
        peer.expect().expectEnd(CloseCause.NETWORK, 1006, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_violation_ends_the_connection_with_its_code_after_earlier_frames_are_echoed() {
        record Case(WireFrame frame, int code, CloseCause cause) {}
        for (Case each : List.of(
                new Case(text("x").reserved(1), 1002, CloseCause.PROTOCOL_ERROR),
                new Case(WireFrame.frame(WireFrame.TEXT, new byte[] {(byte) 0xFF}), 1007, CloseCause.INVALID_PAYLOAD),
                new Case(binary(new byte[101]), 1009, CloseCause.TOO_BIG))) {
            TestPeer peer = TestPeer.open(
                    new ProtocolSettings(Duration.ZERO, Duration.ZERO, TestPeer.CLOSING, TestPeer.PIECE, 100),
                    SubprotocolHandler.ECHO);
            peer.sends(text("before"), each.frame(), text("after"));
            List<WireFrame> frames = peer.frames();
            assertThat(frames).hasSize(2).first().isEqualTo(text("before"));
            assertThat(frames.getLast().closeCode()).isEqualTo(each.code());
            assertThat(frames.getLast().closeReason()).isNotEmpty();
            peer.sends(text("ignored")).expect().expectEnd(each.cause(), each.code(), SHUTDOWN_OUTPUT);
        }
    }

    @Test
    void a_transport_that_fails_has_the_cause_network() {
        TestPeer peer = TestPeer.open();
        peer.sends(text("x"));
        peer.connection.onPeerLost();
        peer.sends(text("y")).expect(text("x")).expectEnd(CloseCause.NETWORK, 1006, CLOSE);
    }

    @Test
    void a_transport_that_ends_by_itself_has_the_cause_network() {
        TestPeer.open().expectEnd(CloseCause.NETWORK, 1006);
    }

    @Test
    void an_internal_error_closes_with_1011() {
        TestPeer peer = TestPeer.open();
        var fault = new IllegalStateException();
        peer.connection.onFault(fault);
        peer.expect(close(1011, "internal error"));
        assertThat(peer.faults).containsExactly(fault);
        peer.expectEnd(CloseCause.ERROR, 1011, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_drain_closes_with_1001_and_waits_for_the_answer() {
        TestPeer peer = TestPeer.open();
        peer.connection.drain();
        peer.connection.drain();
        peer.sends(text("too late")).expect(close(1001, "server draining"));
        assertThat(peer.endings).isEmpty();
        assertThat(peer.received).isOne();
        assertThat(peer.sent).isZero();
        peer.sends(close(1001)).expect().expectEnd(CloseCause.DRAIN, 1001, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_peer_that_does_not_answer_a_close_is_disconnected_after_the_closing_timeout() {
        TestPeer peer = TestPeer.open();
        peer.connection.drain();
        peer.passes(TestPeer.CLOSING.minusNanos(1));
        assertThat(peer.endings).isEmpty();
        peer.passes(Duration.ofNanos(1)).expectEnd(CloseCause.DRAIN, 1001, CLOSE);
    }

    @Test
    void a_peer_that_does_not_end_its_side_after_a_close_is_disconnected_after_the_closing_timeout() {
        TestPeer peer = TestPeer.open();
        peer.sends(close(1000)).passes(TestPeer.CLOSING).expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT, CLOSE);
    }

    @Test
    void a_stall_of_the_service_restarts_the_closing_timeout() {
        TestPeer peer = TestPeer.open();
        peer.connection.drain();
        peer.stalls(TestPeer.CLOSING.multipliedBy(3)).firesIfDue();
        assertThat(peer.endings).isEmpty();
        peer.passes(TestPeer.CLOSING.minusNanos(1));
        assertThat(peer.endings).isEmpty();
        peer.passes(Duration.ofNanos(1)).expectEnd(CloseCause.DRAIN, 1001, CLOSE);
    }

    @Test
    void a_rule_that_is_broken_after_our_close_ends_the_connection_without_another_close() {
        TestPeer peer = TestPeer.open();
        peer.connection.drain();
        peer.expect(close(1001, "server draining"));
        peer.sends(text("x").reserved(1)).expect().expectEnd(CloseCause.DRAIN, 1001, SHUTDOWN_OUTPUT);
    }

    @Test
    void the_handler_learns_of_the_opening_and_of_the_end_however_it_comes() {
        var calls = new ArrayList<String>();
        var handler = new SubprotocolHandler() {
            @Override
            public void opened(Connection connection) {
                calls.add("opened");
            }

            @Override
            public void closing() {
                calls.add("closing");
            }
        };
        TestPeer peer = TestPeer.open(handler);
        assertThat(calls).containsExactly("opened");
        peer.disconnects();
        assertThat(calls).containsExactly("opened", "closing");
        calls.clear();
        TestPeer drained = TestPeer.open(handler);
        drained.connection.drain();
        assertThat(calls).containsExactly("opened", "closing");
        drained.disconnects();
    }

    @Test
    void a_close_is_sent_even_if_the_handler_fails() {
        var calls = new ArrayList<String>();
        TestPeer peer = TestPeer.open(new SubprotocolHandler() {
            @Override
            public void closing() {
                calls.add("closing");
                if (calls.size() == 1) {
                    throw new IllegalStateException();
                }
            }
        });
        assertThatIllegalStateException().isThrownBy(peer.connection::drain);
        peer.expect(close(1001, "server draining")).expectEnd(CloseCause.DRAIN, 1001);
    }

    @Test
    void a_greeting_comes_before_every_echo() {
        TestPeer peer = TestPeer.open(SubprotocolHandler.echoAfter("hello".getBytes(StandardCharsets.UTF_8)));
        peer.expect(text("hello")).sends(text("x")).expect(text("x")).disconnects();
    }

    @Test
    void a_connection_is_busy_until_its_output_has_left() {
        TestPeer peer = TestPeer.open();
        assertThat(peer.connection.isBusy()).isFalse();
        peer.sendsPart(text("x").bytes());
        assertThat(peer.connection.isBusy()).isTrue();
        peer.connection.flush();
        assertThat(peer.connection.isBusy()).isFalse();
        peer.disconnects();
    }

    @Test
    void the_end_is_reported_once_with_the_message_counts() {
        TestPeer peer = TestPeer.open();
        peer.sends(text("a"), text("b")).passes(Duration.ofSeconds(3));
        peer.connection.onPeerLost();
        peer.connection.onFault(new IllegalStateException());
        peer.connection.drain();
        ConnectionEnd end = peer.disconnects();
        peer.connection.onTransportEnd();
        assertThat(peer.ends)
                .containsExactly(new ConnectionEnd(CloseCause.NETWORK, 1006, Duration.ofSeconds(3), 2, 2))
                .containsExactly(end);
        assertThat(peer.opened).isOne();
    }

    @Test
    void the_service_sends_only_while_the_connection_is_open() {
        TestPeer peer = TestPeer.open();
        try (var message = SharedMessage.text("hello".getBytes(StandardCharsets.UTF_8))) {
            peer.connection.send(message);
            peer.connection.sendProbe(new byte[] {1});
            peer.connection.flush();
            peer.expect(text("hello"), WireFrame.frame(WireFrame.PING, new byte[] {1}));
            assertThat(peer.sent).isOne();
            peer.connection.drain();
            peer.connection.send(message);
            peer.connection.sendProbe(new byte[] {2});
        }
        assertThat(peer.sent).isOne();
        peer.expect(close(1001, "server draining")).disconnects();
    }

    @Test
    void a_handler_that_does_not_echo_receives_pongs_and_its_messages_are_counted() {
        var pongs = new ByteArrayOutputStream();
        TestPeer peer = TestPeer.open(new SubprotocolHandler() {
            @Override
            public boolean echoes(DataFrame frame) {
                return false;
            }

            @Override
            public void onPong(byte[] payload) {
                pongs.writeBytes(payload);
            }
        });
        peer.sends(text("x"), pong("7")).expect();
        assertThat(peer.received).isOne();
        assertThat(peer.sent).isZero();
        assertThat(pongs.toString(StandardCharsets.US_ASCII)).isEqualTo("7");
        peer.disconnects();
    }

    @Test
    void a_write_that_fails_during_a_read_ends_the_connection_and_releases_the_rest() {
        var fails = new TestPeer[1];
        TestPeer peer = TestPeer.open(new SubprotocolHandler() {
            @Override
            public void onPong(byte[] payload) {
                fails[0].connection.onPeerLost();
            }
        });
        fails[0] = peer;
        peer.sends(text("x"), pong(""), text("y")).sends(text("z"));
        assertThat(peer.received).isOne();
        peer.expectEnd(CloseCause.NETWORK, 1006, CLOSE);
    }

    @Test
    void nothing_is_written_to_a_transport_that_ends_in_the_middle_of_a_read() {
        var ends = new TestPeer[1];
        TestPeer peer = TestPeer.open(new SubprotocolHandler() {
            @Override
            public void onPong(byte[] payload) {
                ends[0].connection.onTransportEnd();
            }
        });
        ends[0] = peer;
        peer.sends(text("x"), pong(""), text("y")).expect().expectEnd(CloseCause.NETWORK, 1006);
    }

    @Test
    void a_fault_drops_what_waits_for_its_turn() {
        TestPeer peer = TestPeer.open();
        peer.capacity = 0;
        peer.sends(text("x")).sends(text("y")).sends(text("z"));
        assertThat(peer.connection.heldBytes()).isPositive();
        peer.connection.onFault(new IllegalStateException());
        assertThat(peer.connection.heldBytes()).isZero();
        peer.readsEverything().expect(text("x"), text("y"), close(1011, "internal error"));
        peer.disconnects();
    }
}
