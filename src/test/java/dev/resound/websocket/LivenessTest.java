package dev.resound.websocket;

import static dev.resound.test.WireFrame.PING;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keep-alive and the 2*X rule on a real socket, with an X that a test can wait for. */
class LivenessTest {

    private static final long X = 500;
    /** What a busy machine may add; with it, an end is still well before 3*X. */
    private static final long MARGIN = X * 3 / 5;

    @Test
    void a_client_from_which_nothing_comes_is_ended_at_2x_never_before_never_at_3x() {
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
    void the_2x_count_from_the_last_sign_of_life() {
        try (var server = server();
                WireClient client = server.open()) {
            sleep(X * 3 / 4);
            client.send(pong("alive"));
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.IDLE);
            assertThat(end.duration().toMillis()).isBetween(X * 11 / 4, X * 11 / 4 + MARGIN);
        }
    }

    @Test
    void a_client_that_only_answers_pings_stays_and_is_pinged_every_x() {
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
    void a_client_whose_one_frame_takes_longer_than_2x_to_arrive_stays() {
        byte[] frame = binary(new byte[100]).bytes();
        int[] next = {0};
        staysWhile(client -> client.send(new byte[] {frame[next[0]++]}));
    }

    private static void staysWhile(Consumer<WireClient> act) {
        try (var server = server();
                WireClient client = server.open()) {
            for (long until = System.nanoTime() + 5 * X * 1_000_000; System.nanoTime() < until; sleep(X / 2)) {
                act.accept(client);
            }
            assertThat(server.observer.hasEnd()).isFalse();
        }
    }

    @Test
    void with_0_nobody_is_pinged_or_ended() {
        try (var server = ObservedServer.start("keep-alive-interval", "0s");
                WireClient client = server.open()) {
            client.expectSilence(Duration.ofMillis(5 * X));
            assertThat(server.observer.hasEnd()).isFalse();
            client.send(text("x")).expect(text("x"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "400ms", "1m"})
    void a_timeout_that_is_set_replaces_2x_whatever_x_is(String interval) {
        try (var server = ObservedServer.start("keep-alive-interval", interval, "keep-alive-timeout", "1s");
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
    void a_pong_that_nobody_asked_for_makes_up_no_round_trip() {
        try (var server = server();
                WireClient client = server.open()) {
            client.send(pong("12345678"), text("x")).expect(text("x"));
            assertThat(server.observer.pongsReceived).hasValue(1);
            assertThat(server.observer.roundTrips).hasValue(0);
        }
    }

    private static ObservedServer server() {
        return ObservedServer.start("keep-alive-interval", X + "ms");
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
