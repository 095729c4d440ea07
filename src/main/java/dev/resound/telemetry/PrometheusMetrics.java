package dev.resound.telemetry;

import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Exposes the {@link TelemetryTotals} to Prometheus, together with the metrics of the JVM, the process and Netty. Every series of a closed
 * set
 * starts with 0, so that {@code rate()} sees the first event.
 */
public final class PrometheusMetrics {

    /** Longer than the usual scrape intervals, so that a scrape sees the worst lag. */
    private static final Duration WORST_LAG = Duration.ofMinutes(1);

    private static final int WORST_LAG_STEPS = 3;

    /** Micrometer expires a maximum by wall-clock time, which may be set back. */
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
    private final TelemetryTotals totals;
    /** The snapshot behind one scrape, so that its numbers belong together. */
    private TelemetryTotals.Snapshot shown;

    private PrometheusMetrics(TelemetryTotals totals, ServiceFacts facts) {
        this.totals = totals;
        this.shown = totals.snapshot();
        runtime.bindTo(registry);
        Metric.of(Metric.Type.COUNTER).stream()
                .filter(counter -> !counter.columns().isEmpty())
                .forEach(this::counter);
        series(
                Metric.LOG_LINES_DROPPED,
                List.of(),
                self -> facts.logLinesDropped().getAsLong());
        Metric.of(Metric.Type.HISTOGRAM)
                .forEach(histogram -> registry.getPrometheusRegistry()
                        .register(new HistogramCollector(histogram, () -> shown.counts())));
        for (ConnectionKind kind : ConnectionKind.values()) {
            for (HttpProtocol http : HttpProtocol.values()) {
                gauge(
                        Metric.CONNECTIONS,
                        List.of(kind.label(), http.label()),
                        () -> shown.open().of(kind, http));
            }
        }
        gauge(Metric.CONNECTIONS_LIMIT, List.of(), facts.connectionsLimit()::getAsInt);
        gauge(Metric.DRAINING, List.of(), () -> facts.draining().getAsBoolean() ? 1 : 0);
        gauge(Metric.OVERLOADED, List.of(), () -> facts.overloaded().getAsBoolean() ? 1 : 0);
        facts.certificateExpiry()
                .ifPresent(expiry -> gauge(
                        Metric.CERTIFICATE_EXPIRY, List.of(), () -> expiry.get().getEpochSecond()));
        facts.fleet().ifPresent(this::fleet);
        gauge(Metric.BUILD_INFO, List.of(facts.version()), () -> 1);
        gauge(Metric.TRANSPORT_INFO, List.of(facts.transport()), () -> 1);
    }

    private void fleet(FleetStatus fleet) {
        gauge(Metric.FLEET_CONNECTED, List.of(), () -> fleet.connected() ? 1 : 0);
        series(Metric.FLEET_WRITES_LOST, List.of(), self -> fleet.writesLost());
        series(Metric.FLEET_ENTRIES_REJECTED, List.of(), self -> fleet.entriesRejected());
    }

    /**
     * Starts to listen, on the caller's context and until that ends.
     *
     * @param totals what to expose
     */
    public static Future<PrometheusMetrics> start(
            Vertx vertx, TelemetryBus bus, TelemetryTotals totals, ServiceFacts facts) {
        // Loading the libraries would block an event loop.
        return vertx.executeBlocking(() -> new PrometheusMetrics(totals, facts)).compose(built -> {
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
     * All metrics as text. Thread-safe. It takes some milliseconds, because the JVM inspects all threads and files.
     *
     * @param contentType that of Prometheus' text format or of OpenMetrics
     */
    public synchronized String expose(String contentType) {
        shown = totals.snapshot();
        return registry.scrape(contentType);
    }

    private void observeLag(TelemetrySample sample) {
        worstLags
                .computeIfAbsent(sample.loop(), this::lagGauges)
                .record(seconds(sample.lag().worst()));
    }

    private void counter(Metric counter) {
        if (counter.labels().isEmpty()) {
            series(counter, List.of(), self -> self.shown.counts().of(counter));
            return;
        }
        for (int i = 0; i < counter.columns().size(); i++) {
            int column = i;
            series(
                    counter,
                    counter.labelValues(column),
                    self -> self.shown.counts().column(counter, column));
        }
    }

    private void series(Metric counter, List<String> labelValues, ToDoubleFunction<PrometheusMetrics> value) {
        FunctionCounter.builder(meterName(counter), this, value)
                .description(counter.help())
                .tags(tags(counter, labelValues))
                .register(registry);
    }

    private TimeWindowMax lagGauges(int loop) {
        var worst =
                new TimeWindowMax(STEADY, WORST_LAG.dividedBy(WORST_LAG_STEPS).toMillis(), WORST_LAG_STEPS + 1);
        List<String> number = List.of(Integer.toString(loop));
        gauge(Metric.EVENT_LOOP_LAG, number, () -> lag(loop));
        gauge(Metric.EVENT_LOOP_LAG_MAX, number, worst::poll);
        return worst;
    }

    private void gauge(Metric gauge, List<String> labelValues, Supplier<Number> value) {
        Gauge.builder(meterName(gauge), value)
                .description(gauge.help())
                .tags(tags(gauge, labelValues))
                .register(registry);
    }

    private double lag(int loop) {
        return shown.newest(loop).map(sample -> seconds(sample.lag().newest())).orElse(0.0);
    }

    private static Tags tags(Metric metric, List<String> values) {
        Tags tags = Tags.empty();
        for (int i = 0; i < values.size(); i++) {
            tags = tags.and(metric.labels().get(i).key(), values.get(i));
        }
        return tags;
    }

    /** The name with dots, which Micrometer converts back; it recognizes {@code .info} only in this form. */
    private static String meterName(Metric metric) {
        return metric.baseName().replace('_', '.');
    }

    private static double seconds(Duration time) {
        return time.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
    }

    /** Exposes a histogram of a snapshot. The summaries of Micrometer accept only single observations. */
    private static final class HistogramCollector implements Collector {

        private final Metric histogram;
        private final Supplier<CounterSnapshot> sinceStart;

        /** @param sinceStart all observations; called from any thread */
        HistogramCollector(Metric histogram, Supplier<CounterSnapshot> sinceStart) {
            this.histogram = histogram;
            this.sinceStart = sinceStart;
        }

        @Override
        public MetricSnapshot collect() {
            CounterSnapshot shown = sinceStart.get();
            double sum = shown.sum(histogram).toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
            return HistogramSnapshot.builder()
                    .name(histogram.key())
                    .help(histogram.help())
                    .unit(Unit.SECONDS)
                    .dataPoint(HistogramDataPointSnapshot.builder()
                            .classicHistogramBuckets(ClassicHistogramBuckets.of(
                                    histogram.buckets().bounds(), shown.buckets(histogram)))
                            .sum(sum)
                            .build())
                    .build();
        }

        @Override
        public MetricFamilyDescriptor getMetricFamilyDescriptor() {
            return MetricFamilyDescriptor.histogram(histogram.key())
                    .help(histogram.help())
                    .unit(Unit.SECONDS)
                    .build();
        }
    }
}
