package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.MetricsPage;
import dev.resound.websocket.CloseCause;
import dev.resound.websocket.Protocol;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a page shows while samples come. */
class PrometheusMetricsTest {

    private static final long CONNECTIONS = 30_000;

    private final Vertx vertx = Vertx.vertx();
    private final TelemetryBus bus = TelemetryBus.register(vertx);
    private final Ledger ledger = Ledger.start(bus).await();
    private final PrometheusMetrics metrics = PrometheusMetrics.start(
                    vertx,
                    bus,
                    ledger,
                    new ServiceFacts(() -> false, () -> false, () -> 1, "nio", "1.0", Optional.empty()))
            .await();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    /** Fails without the one look at the ledger for a page: a connection is then gone from one series and not yet in the other. */
    @Test
    void the_numbers_of_a_page_belong_together_however_fast_samples_come() {
        bus.publish(sample(CONNECTIONS, new Tally()));
        Thread ending = Thread.ofPlatform().start(() -> {
            for (long open = CONNECTIONS - 1; open >= 0; open--) {
                var one = new Tally();
                one.add(Metric.CONNECTIONS_CLOSED, CloseCause.CLIENT, 1);
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

    private static TelemetrySample sample(long open, Tally counted) {
        return new TelemetrySample(0, Duration.ofSeconds(1), Map.of(Protocol.ECHO, open), counted.take(), LoopLag.NONE);
    }
}
