package dev.resound.websocket;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.WireFrame.PONG;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.fault.Fault;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Faults on demand, on a real socket. */
@OnEveryTransport
@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
record FaultsTest(TestTransport transport) {

    private static final String DEFLATE =
            "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private static final int MANY = 500;
    private static final int RSV1 = 4;

    private ObservedServer server(String... settings) {
        ObservedServer server = ObservedServer.start(transport, settings);
        server.faults.set(true);
        return server;
    }

    private static void assertFault(ObservedServer server, int code) {
        ConnectionEnd end = server.observer.awaitEnd();
        assertThat(end.cause()).isEqualTo(CloseCause.FAULT);
        assertThat(end.code()).isEqualTo(code);
        await("the place was given back").until(() -> server.limits.open() == 0);
    }

    @Test
    void delay_holds_each_echo_but_no_pong() {
        try (var server = server();
                WireClient client = server.openWith("delay=300ms")) {
            long sent = System.nanoTime();
            client.send(text("one"), text("two"), ping("now"));
            assertThat(client.read().opcode()).isEqualTo(PONG);
            client.expect(text("one"), text("two"));
            assertThat(Duration.ofNanos(System.nanoTime() - sent)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
            assertThat(server.observer.faults).containsExactly(Fault.DELAY);
        }
    }

    /** A large frame is echoed in pieces, whose headers are separate buffers. */
    @Test
    void delayed_frames_stay_whole_and_in_order_while_pongs_pass_them() {
        byte[] large = new byte[20_000];
        Arrays.fill(large, (byte) 'x');
        try (var server = server("receive-buffer-size", "128B");
                WireClient client = server.openWith("delay=5ms&jitter=20ms")) {
            client.sendMeanwhile(binary(large), ping("1"), text("a"), ping("2"), text("b"), ping("3"), binary(large));
            int pongs = 0;
            StringBuilder order = new StringBuilder();
            int bytes = 0;
            while (bytes < 2 * large.length || pongs < 3) {
                WireFrame frame = client.read();
                if (frame.opcode() == PONG) {
                    pongs++;
                } else if (frame.opcode() == WireFrame.TEXT) {
                    order.append((char) frame.payload()[0]);
                } else {
                    bytes += frame.payload().length;
                }
            }
            assertThat(order.toString()).isEqualTo("ab");
            client.send(close(1000)).expect(close(1000)).expectEnd();
        }
    }

    @Test
    void a_close_sends_what_is_delayed_first_and_does_not_wait() {
        try (var server = server();
                WireClient client = server.openWith("delay=1m")) {
            client.send(text("late"), close(1000))
                    .expect(text("late"), close(1000))
                    .expectEnd()
                    .close();
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.CLIENT);
        }
    }

    @Test
    void a_drain_sends_what_is_delayed_first_and_does_not_wait() {
        try (var server = server();
                WireClient client = server.openWith("delay=1m")) {
            client.send(text("late"), ping("read")).expect(WireFrame.pong("read"));
            server.drain(Duration.ZERO);
            client.expect(text("late"), close(1001, "server draining"))
                    .send(close(1001))
                    .expectEnd()
                    .close();
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.DRAIN);
        }
    }

    @Test
    void above_the_bound_of_delayed_echoes_the_server_stops_reading_and_loses_nothing() {
        try (var server = server();
                WireClient client = server.openWith("delay=20ms")) {
            WireFrame[] frames = new WireFrame[MANY];
            for (int i = 0; i < MANY; i++) {
                frames[i] = text(i + " of a thousand bytes".repeat(50));
            }
            client.sendMeanwhile(frames).expect(frames);
            assertThat(server.observer.pauses).hasPositiveValue();
        }
    }

    @Test
    void compressed_messages_are_delayed_too() {
        // "Hello", as RFC 7692 section 7.2.3.1 compresses it.
        WireFrame hello = text(HexFormat.of().parseHex("f248cdc9c90700")).reserved(RSV1);
        try (var server = server("compression", "true");
                WireClient client = server.openWith("delay=300ms", DEFLATE)) {
            client.send(hello, ping("")).expect(WireFrame.pong(""), hello);
        }
    }

    @Test
    void compressed_messages_are_dropped_too() {
        WireFrame hello = text(HexFormat.of().parseHex("f248cdc9c90700")).reserved(RSV1);
        try (var server = server("compression", "true");
                WireClient client = server.openWith("drop=100", DEFLATE)) {
            client.send(hello, ping("after")).expect(WireFrame.pong("after"));
            assertThat(server.observer.received).hasValue(1);
            assertThat(server.observer.sent).hasValue(0);
        }
    }

    @Test
    void drop_drops_whole_messages_and_no_control_frame() {
        try (var server = server();
                WireClient client = server.openWith("drop=50")) {
            for (int i = 0; i < MANY; i++) {
                client.send(text("a").unfinished(), ping(""), WireFrame.continuation("b"));
            }
            client.send(close(1000));
            int pongs = 0;
            int messages = 0;
            StringBuilder echoed = new StringBuilder();
            for (WireFrame frame = client.read(); frame.opcode() != WireFrame.CLOSE; frame = client.read()) {
                if (frame.opcode() == PONG) {
                    pongs++;
                } else {
                    echoed.append((char) frame.payload()[0]);
                    messages += frame.fin() ? 1 : 0;
                }
            }
            assertThat(pongs).isEqualTo(MANY);
            assertThat(echoed.toString()).isEqualTo("ab".repeat(messages));
            assertThat(messages).isBetween(MANY / 4, MANY * 3 / 4);
        }
    }

    @Test
    void no_pong_leaves_pings_unanswered_and_echoes() {
        try (var server = server();
                WireClient client = server.openWith("no-pong")) {
            client.send(ping("x"), text("y")).expect(text("y"));
        }
    }

    @Test
    void max_age_closes_with_1001_and_the_closing_handshake() {
        try (var server = server();
                WireClient client = server.openWith("max-age=100ms")) {
            client.expect(close(1001, "maximum age reached"))
                    .send(close(1001))
                    .expectEnd()
                    .close();
            assertFault(server, 1001);
        }
    }

    @Test
    void a_close_that_the_client_does_not_answer_ends_after_the_closing_timeout() {
        try (var server = server("closing-timeout", "200ms");
                WireClient client = server.openWith("close=1011@50ms")) {
            client.expect(close(1011, "requested by the client of this connection"));
            client.awaitEnd();
            assertFault(server, 1011);
        }
    }

    @Test
    void abort_ends_without_a_close_frame() {
        try (var server = server();
                WireClient client = server.openWith("abort=rst@50ms")) {
            client.awaitEnd();
            assertFault(server, 1006);
        }
    }

    @Test
    void half_close_ends_the_output_without_a_close_frame_and_the_connection_after_the_closing_timeout() {
        try (var server = server("closing-timeout", "300ms");
                WireClient client = server.openWith("delay=1m&half-close@2s")) {
            client.send(text("before")).expect(text("before")).expectEnd();
            assertFault(server, 1006);
        }
    }

    @Test
    void half_close_ends_at_once_when_the_client_ends_its_side() {
        try (var server = server();
                WireClient client = server.openWith("half-close@0s")) {
            client.expectEnd().send(text("ignored")).shutdownOutput();
            assertFault(server, 1006);
        }
    }

    @Test
    void stall_stops_reading_and_the_idle_timeout_ends_the_connection() {
        try (var server = server("keep-alive-interval", "300ms");
                WireClient client = server.openWith("stall=read@0s")) {
            assertThat(client.read().opcode()).isEqualTo(WireFrame.PING);
            client.sendInVain(text("unread").bytes());
            WireFrame frame = client.read();
            while (frame.opcode() == WireFrame.PING) {
                frame = client.read();
            }
            assertThat(frame.closeCode()).isEqualTo(1001);
            assertFault(server, 1001);
            assertThat(server.observer.received).hasValue(0);
        }
    }

    @Test
    void a_drain_ends_a_stalled_connection() {
        try (var server = server("closing-timeout", "200ms");
                WireClient client = server.openWith("stall=read@0s")) {
            client.send(close(1000));
            server.drain(Duration.ZERO).await();
            assertThat(server.limits.open()).isZero();
        }
    }

    @Test
    void refuse_answers_the_handshake_with_the_status() {
        try (var server = server();
                WireClient client = server.connect()) {
            client.requestUpgradeAt("/ws?refuse=429").expectStatus(429);
            assertThat(server.observer.handshakes).containsExactly(HandshakeOutcome.FAULT);
            assertThat(server.observer.faults).containsExactly(Fault.REFUSE);
            assertThat(server.limits.open()).isZero();
        }
    }

    @Test
    void while_faults_are_disabled_a_fault_gets_400() {
        try (var server = ObservedServer.start(transport);
                WireClient client = server.connect()) {
            client.requestUpgradeAt("/ws?delay=1s").expectStatus(400);
            assertThat(client.head()).contains("\r\ndetail: " + "faults need faults.enabled: true" + "\r\n");
            assertThat(server.observer.handshakes).containsExactly(HandshakeOutcome.PARAMETER);
            assertThat(server.observer.faults).isEmpty();
        }
    }
}
