package dev.resound.telemetry;

import dev.resound.websocket.handshake.ConnectionKind;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Shows the {@link Ledger} of the telemetry to Prometheus, beside what the libraries tell of the JVM, the
 * process and Netty. Every series of a closed set is there from the start with 0, so that {@code rate()} sees the first event.
 */
public final class PrometheusMetrics {

    /** Outlasts the usual times between two scrapes, so that the worst lag is seen by one. */
    private static final Duration WORST_LAG = Duration.ofMinutes(1);

    private static final int WORST_LAG_STEPS = 3;

    /** Micrometer forgets a maximum by the time of day, which may be set back. */
    private static final Clock STEADY = new Clock() {
        @Override
        public long wallTime() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        }

        @Override
        public long monotonicTime() {
            return System.nanoTime();
        }
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RuntimeMetrics runtime = new RuntimeMetrics();
    private final Map<Integer, TimeWindowMax> worstLags = new ConcurrentHashMap<>();
    private final Ledger ledger;
    /** What one page shows, so that its numbers belong together. */
    private Totals shown;

    private PrometheusMetrics(Ledger ledger, ServiceFacts facts) {
        this.ledger = ledger;
        this.shown = ledger.now();
        runtime.bindTo(registry);
        Metric.of(Metric.Type.COUNTER).stream()
                .filter(counter -> !counter.columns().isEmpty())
                .forEach(this::counter);
        series(Metric.LOG_LINES_DROPPED, "", self -> facts.logLinesDropped().getAsLong());
        Metric.of(Metric.Type.HISTOGRAM)
                .forEach(histogram -> registry.getPrometheusRegistry()
                        .register(new HistogramCollector(histogram, () -> shown.counts())));
        for (ConnectionKind kind : ConnectionKind.values()) {
            gauge(Metric.CONNECTIONS, kind.label(), () -> shown.open(kind));
        }
        gauge(Metric.CONNECTIONS_LIMIT, "", facts.connectionsLimit()::getAsInt);
        gauge(Metric.DRAINING, "", () -> facts.draining().getAsBoolean() ? 1 : 0);
        gauge(Metric.OVERLOADED, "", () -> facts.overloaded().getAsBoolean() ? 1 : 0);
        facts.certificateExpiry()
                .ifPresent(expiry ->
                        gauge(Metric.CERTIFICATE_EXPIRY, "", () -> expiry.get().getEpochSecond()));
        gauge(Metric.BUILD_INFO, facts.version(), () -> 1);
        gauge(Metric.TRANSPORT_INFO, facts.transport(), () -> 1);
    }

    /**
     * Begins to listen, on the caller's context and until that ends.
     *
     * @param ledger what is shown
     */
    public static Future<PrometheusMetrics> start(Vertx vertx, TelemetryBus bus, Ledger ledger, ServiceFacts facts) {
        // Loading the libraries would hold up an event loop.
        return vertx.executeBlocking(() -> new PrometheusMetrics(ledger, facts)).compose(built -> {
            PrometheusMetrics metrics = Objects.requireNonNull(built);
            MessageConsumer<TelemetrySample> consumer = bus.onSample(metrics::observeLag);
            consumer.endHandler(over -> metrics.close());
            return consumer.completion().map(metrics);
        });
    }

    private void close() {
        runtime.close();
        registry.close();
    }

    /**
     * All metrics; any thread may ask. It takes some milliseconds, as the JVM is asked about all of its threads and files.
     *
     * @param contentType that of Prometheus' text format or of OpenMetrics
     */
    public synchronized String expose(String contentType) {
        shown = ledger.now();
        return registry.scrape(contentType);
    }

    private void observeLag(TelemetrySample sample) {
        worstLags
                .computeIfAbsent(sample.loop(), this::lagGauges)
                .record(seconds(sample.lag().worst()));
    }

    private void counter(Metric counter) {
        if (counter.label() == Label.NONE) {
            series(counter, "", self -> self.shown.counts().of(counter));
            return;
        }
        for (int i = 0; i < counter.columns().size(); i++) {
            int column = i;
            series(
                    counter,
                    counter.columns().get(column),
                    self -> self.shown.counts().column(counter, column));
        }
    }

    private void series(Metric counter, String labelValue, ToDoubleFunction<PrometheusMetrics> value) {
        FunctionCounter.builder(meterName(counter), this, value)
                .description(counter.help())
                .tags(tags(counter, labelValue))
                .register(registry);
    }

    private TimeWindowMax lagGauges(int loop) {
        var worst =
                new TimeWindowMax(STEADY, WORST_LAG.dividedBy(WORST_LAG_STEPS).toMillis(), WORST_LAG_STEPS + 1);
        String number = Integer.toString(loop);
        gauge(Metric.EVENT_LOOP_LAG, number, () -> lag(loop));
        gauge(Metric.EVENT_LOOP_LAG_MAX, number, worst::poll);
        return worst;
    }

    private void gauge(Metric gauge, String labelValue, Supplier<Number> value) {
        Gauge.builder(meterName(gauge), value)
                .description(gauge.help())
                .tags(tags(gauge, labelValue))
                .register(registry);
    }

    private double lag(int loop) {
        return shown.newest(loop).map(sample -> seconds(sample.lag().newest())).orElse(0.0);
    }

    private static Tags tags(Metric metric, String value) {
        return metric.label() == Label.NONE
                ? Tags.empty()
                : Tags.of(metric.label().key(), value);
    }

    /** With dots, from which Micrometer makes the name in the catalogue; it would not know {@code .info} otherwise. */
    private static String meterName(Metric metric) {
        return metric.baseName().replace('_', '.');
    }

    private static double seconds(Duration time) {
        return time.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
