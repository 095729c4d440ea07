package dev.resound.telemetry;

import static dev.resound.test.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.MetricsPage;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.CloseCause;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a page shows while samples come. */
class PrometheusMetricsTest {

    private static final long CONNECTIONS = 30_000;

    private final Vertx vertx = Vertx.vertx();
    private final TelemetryBus bus = TelemetryBus.register(vertx);
    private final TelemetryTotals totals = TelemetryTotals.start(bus).await();
    private final PrometheusMetrics metrics = PrometheusMetrics.start(
                    vertx,
                    bus,
                    totals,
                    new ServiceFacts(
                            () -> false,
                            () -> false,
                            () -> 1,
                            "nio",
                            "1.0",
                            Optional.empty(),
                            () -> 0,
                            Optional.empty()))
            .await();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    /** Fails without the one look at the totals for a page: a connection is then gone from one series and not yet in the other. */
    @Test
    void the_numbers_of_a_page_belong_together_however_fast_samples_come() {
        bus.publish(sample(CONNECTIONS, new LoopCounters()));
        Thread ending = Thread.ofPlatform().start(() -> {
            for (long open = CONNECTIONS - 1; open >= 0; open--) {
                var one = new LoopCounters();
                one.add(Metric.CONNECTIONS_CLOSED, CloseCause.CLIENT, HttpProtocol.HTTP_1, 1);
                one.observe(Metric.CONNECTION_DURATION, 1);
                bus.publish(sample(open, one));
            }
        });
        double open;
        do {
            MetricsPage page = MetricsPage.parsed(metrics.expose("text/plain"));
            open = page.sum("websocket_connections");
            double closed = page.sum("websocket_connections_closed_total");
            assertThat(page.value("websocket_connection_duration_seconds_count"))
                    .isEqualTo(closed);
            assertThat(open + closed).isIn(0.0, (double) CONNECTIONS);
        } while (open > 0 || ending.isAlive());
    }

    @Test
    void connections_and_handshakes_over_http2_have_series_of_their_own() {
        var counted = new LoopCounters();
        counted.add(Metric.HANDSHAKES, HandshakeOutcome.ORIGIN, HttpProtocol.HTTP_1, 2);
        counted.add(Metric.HANDSHAKES, HandshakeOutcome.ORIGIN, HttpProtocol.HTTP_2, 3);
        counted.add(Metric.CONNECTIONS_CLOSED, CloseCause.IDLE, HttpProtocol.HTTP_2, 4);
        bus.publish(new TelemetrySample(
                0,
                Duration.ofSeconds(1),
                OpenConnections.NONE
                        .plus(5, ConnectionKind.TELEMETRY, HttpProtocol.HTTP_1)
                        .plus(6, ConnectionKind.TELEMETRY, HttpProtocol.HTTP_2),
                counted.take(),
                TelemetrySample.Lag.NONE));
        await("the sample is counted").until(() -> totals.snapshot().counts().of(Metric.HANDSHAKES) > 0);
        assertThat(MetricsPage.parsed(metrics.expose("text/plain")).series())
                .containsEntry("websocket_connections{http=\"1.1\",protocol=\"telemetry\"}", 5.0)
                .containsEntry("websocket_connections{http=\"2\",protocol=\"telemetry\"}", 6.0)
                .containsEntry("websocket_connections{http=\"2\",protocol=\"echo\"}", 0.0)
                .containsEntry("websocket_handshakes_total{http=\"1.1\",outcome=\"origin\"}", 2.0)
                .containsEntry("websocket_handshakes_total{http=\"2\",outcome=\"origin\"}", 3.0)
                .containsEntry("websocket_connections_closed_total{cause=\"idle\",http=\"1.1\"}", 0.0)
                .containsEntry("websocket_connections_closed_total{cause=\"idle\",http=\"2\"}", 4.0);
    }

    @Test
    void refused_reloads_are_counted_by_kind_from_zero() {
        assertThat(refused()).containsExactly(0.0, 0.0);
        totals.increment(Metric.RELOAD_FAILURES, Metric.Reload.CERTIFICATES);
        totals.increment(Metric.RELOAD_FAILURES, Metric.Reload.CERTIFICATES);
        totals.increment(Metric.RELOAD_FAILURES, Metric.Reload.SETTINGS);
        assertThat(refused()).containsExactly(1.0, 2.0);
    }

    private List<Double> refused() {
        MetricsPage page = MetricsPage.parsed(metrics.expose("text/plain"));
        return Stream.of("settings", "certificates")
                .map(kind -> page.value("resound_reload_failures_total{kind=\"" + kind + "\"}"))
                .toList();
    }

    /** Fails if the two do not exclude each other. */
    @Test
    void what_another_thread_counts_is_not_lost_while_samples_come() throws Exception {
        int each = 20_000;
        var one = new LoopCounters();
        one.add(Metric.PINGS_SENT, 1);
        TelemetrySample ping = sample(0, one);
        Thread counting = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < each; i++) {
                totals.increment(Metric.RELOAD_FAILURES, Metric.Reload.SETTINGS);
            }
        });
        for (int i = 0; i < each; i++) {
            bus.publish(ping);
        }
        counting.join();
        await("every sample is counted").until(() -> totals.snapshot().counts().of(Metric.PINGS_SENT) == each);
        assertThat(totals.snapshot().counts().of(Metric.RELOAD_FAILURES)).isEqualTo(each);
    }

    private static TelemetrySample sample(long open, LoopCounters counted) {
        return new TelemetrySample(
                0,
                Duration.ofSeconds(1),
                OpenConnections.NONE.plus(open, ConnectionKind.ECHO, HttpProtocol.HTTP_1),
                counted.take(),
                TelemetrySample.Lag.NONE);
    }
}
