package dev.resound.websocket;

import static dev.resound.test.Waiting.pause;
import static dev.resound.test.WireFrame.PING;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keep-alive and the 2*X rule on a real socket. The tests mostly wait, so they run concurrently. */
@OnEveryTransport
@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
record KeepAliveTest(TestTransport transport) {

    private static final long X = 500;
    /** The tolerance for a busy machine. Even with it, an end is before 3*X. */
    private static final long MARGIN = X * 9 / 10;

    @Test
    void a_silent_client_is_disconnected_at_2x_neither_earlier_nor_at_3x() {
        try (var server = server();
                WireClient client = server.open()) {
            assertThat(client.read().opcode()).isEqualTo(PING);
            WireFrame close = client.read();
            assertThat(close.closeCode()).isEqualTo(1001);
            assertThat(close.closeReason()).isEqualTo("nothing received for 1s");
            client.expectEnd();
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.IDLE);
            assertThat(end.code()).isEqualTo(1001);
            assertThat(end.duration().toMillis()).isBetween(2 * X, 2 * X + MARGIN);
        }
    }

    @Test
    void the_2x_count_from_the_last_byte_received() {
        try (var server = server();
                WireClient client = server.open()) {
            pause(Duration.ofMillis(X * 3 / 4));
            client.send(pong("alive"));
            long sent = System.nanoTime();
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.IDLE);
            assertThat((System.nanoTime() - sent) / 1_000_000).isBetween(2 * X - 5, 2 * X + MARGIN);
        }
    }

    @Test
    void a_client_that_only_answers_pings_stays_open_and_is_pinged_every_x() {
        try (var server = server();
                WireClient client = server.open()) {
            long start = System.nanoTime();
            int pings = 6;
            for (int i = 0; i < pings; i++) {
                WireFrame ping = client.read();
                assertThat(ping.opcode()).isEqualTo(PING);
                client.send(frame(WireFrame.PONG, ping.payload()));
            }
            assertThat((System.nanoTime() - start) / 1_000_000).isBetween(pings * X - 100, pings * X + MARGIN);
            assertThat(server.observer.hasEnd()).isFalse();
            client.send(text("still here")).expect(text("still here"));
            assertThat(server.observer.pingsSent).hasValueGreaterThanOrEqualTo(pings);
            assertThat(server.observer.roundTrips).hasValue(server.observer.pongsReceived.get());
        }
    }

    @Test
    void a_client_that_sends_pings_but_never_pongs_stays() {
        staysWhile(client -> client.send(ping("")));
    }

    @Test
    void a_client_that_sends_messages_but_never_pongs_stays() {
        staysWhile(client -> client.send(text("x")));
    }

    @Test
    void a_client_whose_frame_takes_longer_than_2x_to_arrive_stays() {
        byte[] frame = binary(new byte[100]).bytes();
        int[] next = {0};
        staysWhile(client -> client.send(new byte[] {frame[next[0]++]}));
    }

    private void staysWhile(Consumer<WireClient> act) {
        try (var server = server();
                WireClient client = server.open()) {
            for (long until = System.nanoTime() + 5 * X * 1_000_000;
                    System.nanoTime() < until;
                    pause(Duration.ofMillis(X / 2))) {
                act.accept(client);
            }
            assertThat(server.observer.hasEnd()).isFalse();
        }
    }

    @Test
    void with_an_interval_of_0_no_client_is_pinged_or_disconnected() {
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "0s");
                WireClient client = server.open()) {
            client.expectSilence(Duration.ofMillis(5 * X));
            assertThat(server.observer.hasEnd()).isFalse();
            client.send(text("x")).expect(text("x"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "400ms", "1m"})
    void keep_alive_timeout_replaces_2x_for_any_x(String interval) {
        try (var server = ObservedServer.start(transport, "keep-alive-interval", interval, "keep-alive-timeout", "1s");
                WireClient client = server.open()) {
            WireFrame frame = client.read();
            while (frame.opcode() == PING) {
                frame = client.read();
            }
            assertThat(frame.closeCode()).isEqualTo(1001);
            assertThat(frame.closeReason()).isEqualTo("nothing received for 1s");
            client.expectEnd();
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.IDLE);
            assertThat(end.duration().toMillis()).isBetween(1000L, 1000 + MARGIN);
            assertThat(server.observer.pingsSent).hasValue(interval.equals("400ms") ? 2 : 0);
        }
    }

    @Test
    void an_unsolicited_pong_yields_no_round_trip_time() {
        try (var server = server();
                WireClient client = server.open()) {
            client.send(pong("12345678"), text("x")).expect(text("x"));
            assertThat(server.observer.pongsReceived).hasValue(1);
            assertThat(server.observer.roundTrips).hasValue(0);
        }
    }

    private ObservedServer server() {
        return ObservedServer.start(transport, "keep-alive-interval", X + "ms");
    }
}
