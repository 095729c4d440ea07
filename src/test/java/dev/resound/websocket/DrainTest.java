package dev.resound.websocket;

import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.ScriptedFeed;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the connections of an event loop are drained. */
@OnEveryTransport
@Timeout(60)
record DrainTest(TestTransport transport) {

    private static final WireFrame GOODBYE = close(1001, "server draining");

    @Test
    void a_client_that_answers_the_close_is_disconnected_at_once() {
        try (var server = ObservedServer.start(transport, "closing-timeout", "30s");
                WireClient client = server.open()) {
            Future<Void> drained = server.drain(Duration.ofMillis(100));
            client.expect(GOODBYE).send(GOODBYE).expectEnd().close();
            drained.await();
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.DRAIN);
            assertThat(end.code()).isEqualTo(1001);
        }
    }

    @Test
    void a_client_that_does_not_answer_is_disconnected_after_the_closing_timeout() {
        try (var server = ObservedServer.start(transport, "closing-timeout", "400ms");
                WireClient client = server.open()) {
            long start = System.nanoTime();
            server.drain(Duration.ZERO).await();
            assertThat(elapsed(start)).isBetween(400L, 2000L);
            client.expect(GOODBYE).expectEnd();
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.DRAIN);
        }
    }

    @Test
    void a_client_that_keeps_sending_messages_gets_no_echo_and_is_disconnected() {
        try (var server = ObservedServer.start(transport, "closing-timeout", "400ms");
                WireClient client = server.open()) {
            Future<Void> drained = server.drain(Duration.ZERO);
            client.expect(GOODBYE).send(text("too late")).expectEnd();
            drained.await();
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.messagesReceived()).isEqualTo(1);
            assertThat(end.messagesSent()).isZero();
        }
    }

    @Test
    void messages_sent_before_the_drain_are_echoed_before_the_close() {
        try (var server = ObservedServer.start(transport);
                WireClient client = server.open()) {
            client.send(text("one"), text("two").unfinished())
                    .expect(text("one"), text("two").unfinished());
            Future<Void> drained = server.drain(Duration.ZERO);
            client.expect(GOODBYE).send(GOODBYE).expectEnd().close();
            drained.await();
        }
    }

    @Test
    void the_closes_are_spread_over_the_period() {
        int clients = 10;
        long period = 1000;
        try (var server = ObservedServer.start(transport)) {
            List<WireClient> open = IntStream.range(0, clients)
                    .mapToObj(i -> server.open())
                    .collect(ArrayList::new, List::add, List::addAll);
            long start = System.nanoTime();
            Future<Void> drained = server.drain(Duration.ofMillis(period));
            for (int i = 0; i < clients; i++) {
                open.get(i).expect(GOODBYE).send(GOODBYE).expectEnd().close();
                assertThat(elapsed(start)).isBetween(i * period / clients - 20, i * period / clients + period / 2);
            }
            drained.await();
            assertThat(elapsed(start)).isLessThan(2 * period);
        }
    }

    @Test
    void connections_of_the_feed_close_last() {
        try (var server = ObservedServer.start(transport);
                WireClient feed = server.open("Sec-WebSocket-Protocol: resound.telemetry.v1");
                WireClient echo = server.open()) {
            Future<Void> drained = server.drain(Duration.ofMillis(100));
            echo.expect(GOODBYE);
            server.tell("still told");
            WireFrame told = feed.read();
            while (told.opcode() == WireFrame.PING || told.equals(text(ScriptedFeed.HELLO))) {
                told = feed.read();
            }
            assertThat(told).isEqualTo(text("still told"));
            echo.send(GOODBYE).expectEnd().close();
            feed.expect(GOODBYE).send(GOODBYE).expectEnd().close();
            drained.await();
        }
    }

    @Test
    void without_open_connections_the_drain_completes() {
        try (var server = ObservedServer.start(transport)) {
            server.drain(Duration.ofHours(1)).await();
            server.drain(Duration.ofHours(1)).await();
        }
    }

    @Test
    void new_handshakes_are_refused_with_503_and_retry_after() {
        try (var server = ObservedServer.start(transport);
                WireClient client = server.connect()) {
            server.draining.set(true);
            client.requestUpgrade().expectStatus(503);
            assertThat(client.head()).containsIgnoringCase("\r\nretry-after: 5\r\n");
            assertThat(server.observer.handshakes).containsExactly(HandshakeOutcome.DRAINING);
            assertThat(server.limits.open()).isZero();
        }
    }

    @Test
    void a_connection_that_opens_after_the_drain_began_is_closed_too() {
        try (var server = ObservedServer.start(transport)) {
            server.drain(Duration.ZERO).await();
            try (WireClient client = server.open()) {
                client.expect(GOODBYE).send(GOODBYE).expectEnd();
            }
        }
    }

    @Test
    void closing_the_server_without_a_drain_sends_1001_and_does_not_hang() {
        var server = ObservedServer.start(transport, "closing-timeout", "300ms");
        try (WireClient client = server.open()) {
            server.close();
            assertThat(client.read().closeCode()).isEqualTo(1001);
        }
        assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.DRAIN);
    }

    private static long elapsed(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
