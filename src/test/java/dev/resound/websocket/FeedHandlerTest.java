package dev.resound.websocket;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.ScriptedFeed;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The live feed on one connection, over a real socket. */
class FeedHandlerTest {

    private static final WireFrame HELLO = text(ScriptedFeed.HELLO);

    @Test
    void a_client_that_offers_the_feed_subprotocol_gets_it_and_a_first_message() {
        try (var server = ObservedServer.start();
                var client = subscribe(server)) {
            assertThat(client.head()).containsIgnoringCase("\r\nsec-websocket-protocol: resound.telemetry.v1\r\n");
            client.expect(HELLO);
        }
    }

    @Test
    void feed_messages_go_to_every_feed_connection_and_to_no_other() {
        try (var server = ObservedServer.start();
                var one = subscribe(server).expect(HELLO);
                var other = subscribe(server).expect(HELLO);
                var echo = server.open()) {
            server.say("state");
            assertThat(nextText(one)).isEqualTo("state");
            assertThat(nextText(other)).isEqualTo("state");
            echo.send(text("mine")).expect(text("mine"));
        }
    }

    @Test
    void messages_of_a_feed_client_are_counted_and_not_echoed() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            client.send(text("anybody there?"), ping("yes?"));
            assertThat(nextBut(client, WireFrame.PING)).isEqualTo(WireFrame.pong("yes?"));
            assertThat(server.observer.received).hasValue(1);
            assertThat(server.observer.sent).hasValue(1); // The first message of the feed.
        }
    }

    @Test
    void a_client_that_has_not_read_a_state_gets_the_newest_one_once_it_has() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            answer(client);
            server.say("first");
            client.expect(text("first"));
            WireFrame due = client.read();
            for (String missed : List.of("second", "third")) {
                server.say(missed);
            }
            client.expectSilence(Duration.ofMillis(200));
            client.send(frame(WireFrame.PONG, due.payload()), ping("done")).expect(WireFrame.pong("done"));
            server.say("fourth");
            client.expect(text("fourth"));
        }
    }

    @Test
    void a_pong_that_answers_an_older_ping_does_not_count() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            WireFrame first = client.read();
            client.send(frame(WireFrame.PONG, first.payload()), ping("taken")).expect(WireFrame.pong("taken"));
            server.say("state");
            client.expect(text("state")).read();
            client.send(frame(WireFrame.PONG, first.payload()), ping("again")).expect(WireFrame.pong("again"));
            server.say("unheard");
            client.expectSilence(Duration.ofMillis(200));
        }
    }

    @Test
    void a_client_that_never_answers_pings_is_not_waited_for() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            for (String state : List.of("one", "two", "three")) {
                server.say(state);
                assertThat(nextText(client)).isEqualTo(state);
            }
        }
    }

    @Test
    void events_are_sent_at_once_and_without_a_ping() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            answer(client);
            server.tell("one");
            server.tell("two");
            client.expect(text("one"), text("two"));
        }
    }

    @Test
    void a_client_that_reads_gets_any_number_of_events_without_a_state_in_between() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            answer(client);
            for (int i = 0; i < 100; i++) {
                server.tell("event " + i);
                WireFrame first = client.read();
                if (first.opcode() == WireFrame.PING) {
                    client.expect(text("event " + i));
                    client.send(frame(WireFrame.PONG, first.payload()), ping("known?"))
                            .expect(WireFrame.pong("known?"));
                } else {
                    assertThat(first).isEqualTo(text("event " + i));
                }
            }
        }
    }

    @Test
    void a_client_that_is_behind_receives_only_a_few_events() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            answer(client);
            server.say("state");
            client.expect(text("state")).read();
            for (int i = 0; i < 30; i++) {
                server.tell("event " + i);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(nextText(client)).isEqualTo("event " + i);
            }
            client.expectSilence(Duration.ofMillis(200));
        }
    }

    @Test
    void a_closed_connection_is_unsubscribed() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            assertThat(server.feed.subscribers).hasSize(1);
            client.send(close(1000, "enough"));
            assertThat(nextBut(client, WireFrame.PING)).isEqualTo(close(1000, "enough"));
            assertThat(server.feed.subscribers).isEmpty();
            client.expectEnd().close();
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.CLIENT);
        }
    }

    @Test
    void a_lost_connection_is_unsubscribed() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            client.reset();
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.NETWORK);
            assertThat(server.feed.subscribers).isEmpty();
        }
    }

    @Test
    void the_feed_is_drained_like_the_echo() {
        try (var server = ObservedServer.start();
                var client = subscribe(server).expect(HELLO)) {
            server.drain(Duration.ZERO);
            assertThat(nextBut(client, WireFrame.PING)).isEqualTo(close(1001, "server draining"));
            await("the subscription ends").until(() -> server.feed.subscribers.isEmpty());
        }
    }

    @Test
    void a_silent_feed_client_is_disconnected_after_twice_x() {
        try (var server = ObservedServer.start("keep-alive-interval", "200ms");
                var client = subscribe(server).expect(HELLO)) {
            client.expectFailure(1001);
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.IDLE);
        }
    }

    @Test
    void probes_are_not_keep_alive_pings_and_yield_no_round_trip_times() {
        try (var server = ObservedServer.start("keep-alive-interval", "0");
                var client = subscribe(server).expect(HELLO)) {
            answer(client);
            assertThat(server.observer.pingsSent).hasValue(0);
            assertThat(server.observer.roundTrips).hasValue(0);
            assertThat(server.observer.pongsReceived).hasValue(1);
        }
    }

    @Test
    void a_client_that_has_turned_pings_off_gets_no_probes_either() {
        try (var server = ObservedServer.start();
                var client = server.openWith("keep-alive=off", "Sec-WebSocket-Protocol: resound.telemetry.v1")) {
            client.expect(HELLO);
            for (String state : List.of("first", "second", "third")) {
                server.say(state);
                client.expect(text(state));
            }
            client.expectSilence(Duration.ofMillis(200));
        }
    }

    private static WireClient subscribe(ObservedServer server) {
        return WireClient.tcp(server.port())
                .send(WireClient.request("Sec-WebSocket-Protocol: resound.telemetry.v1"))
                .expectUpgrade();
    }

    /** Answers the next ping, and waits until the server has received the pong. */
    private static void answer(WireClient client) {
        WireFrame due = client.read();
        assertThat(due.opcode()).isEqualTo(WireFrame.PING);
        client.send(frame(WireFrame.PONG, due.payload()), ping("known?")).expect(WireFrame.pong("known?"));
    }

    private static String nextText(WireClient client) {
        WireFrame frame = nextBut(client, WireFrame.PING);
        assertThat(frame.opcode()).isEqualTo(WireFrame.TEXT);
        return new String(frame.payload(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static WireFrame nextBut(WireClient client, int opcode) {
        WireFrame frame = client.read();
        while (frame.opcode() == opcode) {
            frame = client.read();
        }
        return frame;
    }
}
