package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Nothing that a client does is lost or counted twice: every series against what was done, and the bus against both. */
class ConservationTest {

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    /** What must be shown of all that is counted; everything else is 0. */
    private final Map<String, Double> expected = new TreeMap<>();

    private volatile CounterSnapshot onTheBus = CounterSnapshot.EMPTY;

    @Test
    void messages_of_all_kinds_and_closes_are_counted_exactly() throws Exception {
        try (var resound = started()) {
            for (int i = 0; i < 5; i++) {
                talk(resound, 1000 + i * 999);
            }
            expect("websocket_messages_received_total{type=\"text\"}", 15);
            expect("websocket_messages_sent_total{type=\"text\"}", 15);
            expect("websocket_messages_received_total{type=\"binary\"}", 10);
            expect("websocket_messages_sent_total{type=\"binary\"}", 10);
            expect("websocket_received_bytes_total", 5 * (5 + 10 + 20_000));
            expect("websocket_sent_bytes_total", 5 * (5 + 10 + 20_000));
            expect("websocket_pongs_received_total", 5);
            expectConnections(5, "client");
            hold(resound);
        }
    }

    private static void talk(RunningResound resound, int closeCode) throws IOException {
        try (var client = RawClient.connect(resound)) {
            client.send(RawClient.TEXT, "hello");
            client.send(RawClient.TEXT, "");
            client.send(RawClient.TEXT, false, HELLO);
            client.send(RawClient.PING, "in between");
            client.send(RawClient.CONTINUATION, false, new byte[0]);
            client.send(RawClient.CONTINUATION, true, HELLO);
            client.send(RawClient.BINARY, true, new byte[20_000]);
            client.send(RawClient.BINARY, true, new byte[0]);
            client.send(RawClient.PONG, "nobody asked");
            client.sendClose(closeCode == 1000 ? 1000 : 3000 + closeCode % 2000);
            client.readToEnd();
        }
    }

    @Test
    void a_message_counts_with_its_last_frame_and_its_bytes_as_they_come() throws Exception {
        try (var resound = started();
                var client = RawClient.connect(resound)) {
            client.send(RawClient.TEXT, false, HELLO);
            client.read();
            MetricsPage.await(resound, page -> page.value("websocket_sent_bytes_total") == 5);
            MetricsPage open = MetricsPage.of(resound);
            assertThat(open.sum("websocket_messages_received_total")).isZero();
            assertThat(open.sum("websocket_messages_sent_total")).isZero();
            assertThat(open.value("websocket_connections{http=\"1.1\",protocol=\"echo\"}"))
                    .isEqualTo(1);
            client.hangUp();
            expect("websocket_received_bytes_total", 5);
            expect("websocket_sent_bytes_total", 5);
            expectConnections(1, "network");
            hold(resound);
        }
    }

    @Test
    void on_every_page_those_that_were_accepted_are_open_or_closed() throws Exception {
        try (var resound = started()) {
            var churn = new FutureTask<>(() -> {
                for (int i = 0; i < 200; i++) {
                    try (var client = RawClient.connect(resound)) {
                        client.hangUp();
                    }
                }
                return null;
            });
            Thread.ofVirtual().start(churn);
            while (!churn.isDone()) {
                MetricsPage page = MetricsPage.of(resound);
                assertThat(page.sum("websocket_connections") + page.sum("websocket_connections_closed_total"))
                        .isEqualTo(page.value("websocket_handshakes_total{http=\"1.1\",outcome=\"accepted\"}"));
            }
            churn.get();
            expectConnections(200, "network");
            hold(resound);
        }
    }

    @Test
    void every_refusal_is_counted_with_its_outcome() throws Exception {
        try (var resound =
                started("websocket.max-connections", "1", "websocket.allowed-origins", "https://client.com")) {
            String handshake = RawClient.HANDSHAKE;
            refused(resound, "GET /ws HTTP/1.1\nHost: localhost\n", 400, "not-websocket");
            refused(resound, handshake.replace("Version: 13", "Version: 8"), 426, "version");
            refused(resound, handshake.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"), 400, "key");
            refused(resound, handshake.replace("GET", "DELETE"), 405, "method");
            refused(resound, handshake + "Origin: https://evil.com\n", 403, "origin");
            try (var open = RawClient.connect(resound)) {
                refused(resound, handshake, 503, "capacity");
                refused(resound, handshake + "Origin: https://client.com\n", 503, "capacity");
                expect("websocket_handshakes_total{http=\"1.1\",outcome=\"capacity\"}", 2);
                open.sendClose(1000);
                open.readToEnd();
            }
            expectConnections(1, "client");
            MetricsPage page = hold(resound);
            assertThat(page.value("websocket_connections_limit")).isEqualTo(1);
        }
    }

    @Test
    void every_breach_of_the_protocol_is_counted_with_its_cause() throws Exception {
        try (var resound = started("websocket.max-frame-size", "100")) {
            breach(resound, RawClient.TEXT | 0x40, HELLO);
            breach(resound, RawClient.TEXT, new byte[] {(byte) 0xff});
            breach(resound, RawClient.BINARY, new byte[101]);
            expect("websocket_handshakes_total{http=\"1.1\",outcome=\"accepted\"}", 3);
            expect("websocket_connections_closed_total{cause=\"protocol-error\",http=\"1.1\"}", 1);
            expect("websocket_connections_closed_total{cause=\"invalid-payload\",http=\"1.1\"}", 1);
            expect("websocket_connections_closed_total{cause=\"too-big\",http=\"1.1\"}", 1);
            expect("websocket_connection_duration_seconds_count", 3);
            hold(resound);
        }
    }

    private static void breach(RunningResound resound, int opcode, byte[] payload) throws IOException {
        try (var client = RawClient.connect(resound)) {
            client.send(opcode, true, payload);
            client.readToEnd();
        }
    }

    @Test
    void pings_pongs_and_round_trips_are_counted_and_a_mute_peer_ends_as_idle() throws Exception {
        try (var resound = started("websocket.keep-alive-interval", "1s");
                var client = RawClient.connect(resound)) {
            int pings = 0;
            int answered = 0;
            for (var frame = client.read(); frame.isPresent(); frame = client.read()) {
                if (frame.get().opcode() == RawClient.PING) {
                    pings++;
                    if (pings <= 2) {
                        client.send(RawClient.PONG, true, frame.get().payload().getBytes());
                        answered++;
                    }
                } else {
                    assertThat(frame.get().payload().getUnsignedShort(0)).isEqualTo(1001);
                }
            }
            expect("websocket_pings_sent_total", pings);
            expect("websocket_pongs_received_total", answered);
            expect("websocket_ping_rtt_seconds_count", answered);
            expectConnections(1, "idle");
            MetricsPage page = hold(resound);
            assertThat(page.value("websocket_ping_rtt_seconds_bucket{le=\"+Inf\"}"))
                    .isEqualTo(answered);
            assertThat(page.value("websocket_ping_rtt_seconds_sum")).isPositive();
            assertThat(page.value("websocket_connection_duration_seconds_sum")).isBetween(2.0, 30.0);
        }
    }

    @Test
    void a_peer_that_does_not_read_is_one_pause_and_one_slow_consumer() throws Exception {
        try (var resound = started("websocket.keep-alive-interval", "1s");
                var client = RawClient.connect(resound)) {
            byte[] payload = new byte[60_000];
            var flood = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.send(RawClient.BINARY, true, payload);
                    }
                } catch (IOException cut) {
                    // What this test waits for.
                }
            });
            flood.join();
            MetricsPage page = MetricsPage.await(
                    resound, shown -> shown.value("websocket_connections_closed_total{cause=\"slow-consumer\"}") == 1);
            assertThat(page.value("websocket_backpressure_pauses_total")).isEqualTo(1);
            assertThat(page.sum("websocket_connections_closed_total")).isEqualTo(1);
            assertThat(page.value("websocket_received_bytes_total"))
                    .isEqualTo(page.value("websocket_sent_bytes_total"))
                    .isGreaterThanOrEqualTo(60_000 * page.sum("websocket_messages_received_total"));
        }
    }

    @Test
    void a_drain_is_counted_and_shown() throws Exception {
        try (var resound = started("drain.period", "0s");
                var client = RawClient.connect(resound)) {
            assertThat(MetricsPage.of(resound).value("resound_draining")).isZero();
            client.send(RawClient.TEXT, "hello");
            client.read();
            var drained = resound.main().drain();
            while (client.read().orElseThrow().opcode() != RawClient.CLOSE) {
                // A ping may come first.
            }
            assertThat(MetricsPage.of(resound).value("resound_draining")).isEqualTo(1);
            refused(resound, RawClient.HANDSHAKE, 503, "draining");
            client.sendClose(1001);
            client.readToEnd();
            drained.await();
            expect("websocket_messages_received_total{type=\"text\"}", 1);
            expect("websocket_messages_sent_total{type=\"text\"}", 1);
            expect("websocket_received_bytes_total", 5);
            expect("websocket_sent_bytes_total", 5);
            expectConnections(1, "drain");
            hold(resound);
        }
    }

    private RunningResound started(String... settings) {
        var resound = RunningResound.start(settings);
        TelemetryBus.register(resound.vertx())
                .onSample(sample -> onTheBus = onTheBus.plus(sample.counts()))
                .completion()
                .await();
        return resound;
    }

    private void refused(RunningResound resound, String request, int status, String outcome) throws IOException {
        try (var client = RawClient.connect(resound, request)) {
            assertThat(client.status()).isEqualTo(status);
        }
        expect("websocket_handshakes_total{http=\"1.1\",outcome=\"" + outcome + "\"}", 1);
    }

    private void expectConnections(int count, String cause) {
        expect("websocket_handshakes_total{http=\"1.1\",outcome=\"accepted\"}", count);
        expect("websocket_connections_closed_total{cause=\"" + cause + "\",http=\"1.1\"}", count);
        expect("websocket_connection_duration_seconds_count", count);
    }

    private void expect(String series, double value) {
        expected.put(series, value);
    }

    /** Waits until all handshakes and ends have arrived, and then holds every series against what is expected. */
    private MetricsPage hold(RunningResound resound) {
        double handshakes = expectedSum("websocket_handshakes_total");
        double ends = expectedSum("websocket_connections_closed_total");
        MetricsPage.await(
                resound,
                page -> page.sum("websocket_handshakes_total") == handshakes
                        && page.sum("websocket_connections_closed_total") == ends);
        MetricsPage page = MetricsPage.of(resound);
        Map<String, Double> shown = new TreeMap<>();
        Map<String, Double> published = new TreeMap<>();
        for (Metric metric : Metric.values()) {
            switch (metric.type()) {
                case COUNTER -> {
                    for (int i = 0; i < metric.columns().size(); i++) {
                        String name = series(metric, i);
                        shown.put(name, page.value(name));
                        published.merge(name, (double) onTheBus.column(metric, i), Double::sum);
                        expected.putIfAbsent(name, 0.0);
                    }
                }
                case HISTOGRAM -> {
                    String name = metric.key() + "_count";
                    shown.put(name, page.value(name));
                    published.put(name, (double) onTheBus.of(metric));
                    expected.putIfAbsent(name, 0.0);
                }
                case GAUGE -> {}
            }
        }
        assertThat(shown).isEqualTo(expected);
        assertThat(published).isEqualTo(expected);
        assertThat(page.sum("websocket_connections")).isZero();
        return page;
    }

    private double expectedSum(String metric) {
        return new MetricsPage("", expected).sum(metric);
    }

    private static String series(Metric metric, int column) {
        List<String> values = metric.labelValues(column);
        return values.isEmpty()
                ? metric.key()
                : IntStream.range(0, values.size())
                        .mapToObj(i ->
                                "%s=\"%s\"".formatted(metric.labels().get(i).key(), values.get(i)))
                        .sorted()
                        .collect(Collectors.joining(",", metric.key() + "{", "}"));
    }
}
