package dev.resound.telemetry;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows a histogram of {@link Counts} to Prometheus. Micrometer's own summaries take observations one by one only, and a sample
 * holds them counted in their buckets.
 */
final class HistogramCollector implements Collector {

    private final Metric histogram;
    private final Supplier<Counts> sinceStart;

    /** @param sinceStart all that was observed; is asked from any thread */
    HistogramCollector(Metric histogram, Supplier<Counts> sinceStart) {
        this.histogram = histogram;
        this.sinceStart = sinceStart;
    }

    @Override
    public MetricSnapshot collect() {
        Counts shown = sinceStart.get();
        double sum = shown.sum(histogram).toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
        return HistogramSnapshot.builder()
                .name(histogram.key())
                .help(histogram.help())
                .unit(Unit.SECONDS)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(
                                ClassicHistogramBuckets.of(histogram.buckets().bounds(), shown.buckets(histogram)))
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
