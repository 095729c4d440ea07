package dev.resound.feed;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.ConnectionEvent;
import dev.resound.telemetry.TelemetryBus;
import dev.resound.test.FeedClient;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.CloseCause;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The feed of the whole service. */
class LiveFeedTest {

    @Test
    void the_first_message_says_who_answers_and_what_to_expect() {
        try (var resound = RunningResound.start("instance", "pod-7", "websocket.keep-alive-interval", "25s");
                var client = FeedClient.open(resound.port())) {
            JsonObject hello = client.next();
            assertThat(hello.getString("type")).isEqualTo("hello");
            assertThat(hello.getInteger("schema")).isEqualTo(1);
            assertThat(hello.getString("instance")).isEqualTo("pod-7");
            assertThat(hello.getJsonObject("build").getString("version")).isNotEmpty();
            assertThat(hello.getDouble("interval")).isEqualTo(0.05);
            assertThat(hello.getJsonObject("keepAlive").getDouble("interval")).isEqualTo(25);
            assertThat(hello.getJsonObject("keepAlive").getDouble("idleTimeout"))
                    .isEqualTo(50);
            assertThat(hello.getDouble("startedAt")).isLessThan(hello.getDouble("time"));
            assertThat(client.next("sample").getString("instance")).isEqualTo("pod-7");
        }
    }

    @Test
    void samples_follow_one_another_once_per_interval() {
        try (var resound = RunningResound.start();
                var client = FeedClient.open(resound.port())) {
            long first = client.next("sample").getLong("sequence");
            List<Long> following = IntStream.range(0, 5)
                    .mapToObj(i -> client.next("sample").getLong("sequence"))
                    .toList();
            assertThat(following).isSorted().doesNotHaveDuplicates().allMatch(sequence -> sequence > first);
        }
    }

    @Test
    void the_totals_are_those_of_the_metrics_to_the_message_and_the_byte() {
        try (var resound = RunningResound.start();
                var dashboard = FeedClient.open(resound.port());
                var open = WireClient.open(resound.port())) {
            try (var client = WireClient.open(resound.port())) {
                client.send(text("hello"), text("")).expect(text("hello"), text(""));
                client.send(binary(new byte[300])).expect(binary(new byte[300]));
                client.send(close(1000)).expect(close(1000)).expectEnd();
            }
            WireClient.tcp(resound.port())
                    .send("GET /ws HTTP/1.1\r\nHost: x\r\n\r\n")
                    .expectStatus(400)
                    .close();
            JsonObject sample = dashboard.next("sample", LiveFeedTest::isSettled);
            assertThat(sample.getJsonObject("connections").getMap())
                    .containsEntry("echo", 1)
                    .containsEntry("telemetry", 1);
            assertThat(sample.getJsonObject("connectionsByHttp"))
                    .isEqualTo(new JsonObject().put("http1", 2).put("http2", 0));
            assertThat(sample.getJsonObject("messages")
                            .getJsonObject("received")
                            .getMap())
                    .containsEntry("text", 2)
                    .containsEntry("binary", 1);
            assertThat(sample.getJsonObject("bytes").getJsonObject("received").getMap())
                    .containsEntry("text", 5)
                    .containsEntry("binary", 300);
            // What is said to the dashboard counts too, so the two sides agree once nothing more is said.
            dashboard.wire().send(close(1000)).close();
            MetricsPage.await(resound, page -> page.value("websocket_connections_closed_total{cause=\"client\"}") == 2);
            MetricsPage metrics = MetricsPage.of(resound); // One scrape may fall between two samples.
            try (var again = FeedClient.open(resound.port())) {
                agree(again.next("sample"), metrics);
            }
        }
    }

    /** But for what the second dashboard added itself. */
    private static void agree(JsonObject sample, MetricsPage metrics) {
        for (CloseCause cause : CloseCause.values()) {
            assertThat(sample.getJsonObject("closed").getDouble(cause.label()))
                    .isEqualTo(
                            metrics.value("websocket_connections_closed_total{cause=\"%s\"}".formatted(cause.label())));
        }
        for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
            if (outcome != HandshakeOutcome.ACCEPTED) {
                assertThat(sample.getJsonObject("handshakes").getDouble(outcome.label()))
                        .isEqualTo(
                                metrics.value("websocket_handshakes_total{outcome=\"%s\"}".formatted(outcome.label())));
            }
        }
        for (String type : List.of("text", "binary")) {
            assertThat(sample.getJsonObject("messages")
                            .getJsonObject("received")
                            .getDouble(type))
                    .isEqualTo(metrics.value("websocket_messages_received_total{type=\"%s\"}".formatted(type)));
        }
        JsonObject bytes = sample.getJsonObject("bytes").getJsonObject("received");
        assertThat(bytes.getDouble("text") + bytes.getDouble("binary"))
                .isEqualTo(metrics.value("websocket_received_bytes_total"));
        assertThat(sample.getJsonObject("duration").getDouble("count"))
                .isEqualTo(metrics.value("websocket_connection_duration_seconds_count"));
    }

    private static boolean isSettled(JsonObject sample) {
        return sample.getJsonObject("closed").getInteger("client") == 1
                && sample.getJsonObject("handshakes").getInteger("not-websocket") == 1;
    }

    @Test
    void what_happens_to_connections_is_told_as_it_happens_and_without_saying_whose_they_are() {
        try (var resound = RunningResound.start("telemetry.interval", "1h");
                var dashboard = FeedClient.open(resound.port())) {
            dashboard.next("hello");
            try (var client = WireClient.tcp(resound.port())
                    .send(WireClient.request("Origin: https://secret.example"))
                    .expectUpgrade()) {
                // Its own opening may have come first.
                JsonObject opened = dashboard.next(
                        "opened", event -> event.getString("protocol").equals("echo"));
                assertThat(opened.fieldNames()).containsExactlyInAnyOrder("type", "time", "protocol", "http");
                assertThat(opened.getString("http")).isEqualTo("1.1");
                client.send(text("a")).expect(text("a")).send(close(4321, "private"));
            }
            JsonObject closed = dashboard.next("closed");
            assertThat(closed.getString("cause")).isEqualTo("client");
            assertThat(closed.getJsonObject("messages"))
                    .isEqualTo(new JsonObject().put("received", 1).put("sent", 1));
            assertThat(closed.encode()).doesNotContain("secret", "private", "4321", "127.0.0.1");
        }
    }

    @Test
    void events_beyond_twenty_a_second_are_left_out_and_counted() {
        try (var resound = RunningResound.start();
                var dashboard = FeedClient.open(resound.port())) {
            dashboard.next("sample");
            TelemetryBus bus = TelemetryBus.register(resound.vertx());
            var somebody = new ConnectionInfo("1", ConnectionKind.ECHO, HttpProtocol.HTTP_1, "127.0.0.1", null);
            IntStream.range(0, 1000).forEach(i -> bus.publish(new ConnectionEvent.Opened(somebody)));
            JsonObject sample = dashboard.next("sample", each -> each.getInteger("eventsSuppressed") > 0);
            assertThat(sample.getInteger("eventsSuppressed")).isLessThanOrEqualTo(981);
        }
    }

    @Test
    void a_dashboard_that_does_not_read_for_a_while_gets_the_newest_state_and_no_backlog() throws Exception {
        try (var resound = RunningResound.start("telemetry.interval", "10ms");
                var reader = FeedClient.open(resound.port());
                var sleeper = FeedClient.open(resound.port())) {
            // Not the first: until its pong has come, nobody knows whether this one answers pings.
            long before = sleeper.next("sample", each -> each.getLong("sequence") > 20)
                    .getLong("sequence");
            long now = reader.next("sample", each -> each.getLong("sequence") > before + 100)
                    .getLong("sequence");
            List<Long> woken = new ArrayList<>();
            do {
                woken.add(sleeper.next("sample").getLong("sequence"));
            } while (woken.getLast() < now);
            assertThat(woken).as("those it slept through").hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void who_connects_later_gets_what_was_before() {
        try (var resound = RunningResound.start();
                var first = FeedClient.open(resound.port())) {
            first.next("sample");
            try (var later = FeedClient.open(resound.port())) {
                JsonObject history = later.next("hello").getJsonObject("history");
                assertThat(history.getInteger("step")).isEqualTo(5);
                assertThat(history.getJsonArray("columns"))
                        .contains("connections.echo", "connectionsByHttp.http2", "rates.bytes.sent.text");
                assertThat(history.getJsonArray("rows").getJsonArray(0)).hasSameSizeAs(history.getJsonArray("columns"));
            }
        }
    }

    @Test
    void the_greeted_echo_says_which_instance_it_is() {
        try (var resound = RunningResound.start("instance", "pod-7");
                var client = WireClient.tcp(resound.port())
                        .send(WireClient.request("Sec-WebSocket-Protocol: resound.echo.v1"))
                        .expectUpgrade()) {
            var hello = new JsonObject(
                    io.vertx.core.buffer.Buffer.buffer(client.read().payload()));
            assertThat(hello.getString("instance")).isEqualTo("pod-7");
            assertThat(hello.getString("http")).isEqualTo("1.1");
            assertThat(hello.fieldNames()).doesNotContain("history", "interval");
            client.send(text("x")).expect(text("x"));
        }
    }

    @Test
    void the_feed_can_be_switched_off() {
        try (var resound = RunningResound.start("telemetry.feed.enabled", "false");
                var client = WireClient.tcp(resound.port())
                        .send(WireClient.request("Sec-WebSocket-Protocol: resound.telemetry.v1"))
                        .expectUpgrade()) {
            client.send(text("x")).expect(text("x"));
        }
    }
}
