package dev.resound.telemetry;

import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sums up what the event loops of this process publish on the event bus. Prometheus and the live feed both read these totals, so they
 * agree to the message. Thread-safe.
 */
public final class TelemetryTotals {

    private volatile Snapshot current = Snapshot.EMPTY;

    private TelemetryTotals() {}

    /**
     * Starts to listen, on the caller's context and until that ends. The verticle that deploys those of the event loops outlives them,
     * so it also receives what they publish last.
     */
    public static Future<TelemetryTotals> start(TelemetryBus bus) {
        var totals = new TelemetryTotals();
        MessageConsumer<TelemetrySample> consumer = bus.onSample(totals::add);
        return consumer.completion().map(totals);
    }

    private synchronized void add(TelemetrySample sample) {
        current = current.plus(sample);
    }

    /**
     * Increments a counter of the process, which belongs to no event loop.
     *
     * @param label a constant of the enum behind the counter's {@link Metric.Label}
     */
    public synchronized void increment(Metric counter, Enum<?> label) {
        current = current.plusOne(counter, label);
    }

    /** The totals at this moment. Numbers that belong together must come from one snapshot. */
    public Snapshot snapshot() {
        return current;
    }

    /** The totals at one moment; immutable. */
    public static final class Snapshot {

        static final Snapshot EMPTY = new Snapshot(CounterSnapshot.EMPTY, Map.of());

        private final CounterSnapshot counts;
        private final Map<Integer, TelemetrySample> newest;

        private Snapshot(CounterSnapshot counts, Map<Integer, TelemetrySample> newest) {
            this.counts = counts;
            this.newest = newest;
        }

        Snapshot plus(TelemetrySample sample) {
            Map<Integer, TelemetrySample> samples = new HashMap<>(newest);
            samples.put(sample.loop(), sample);
            return new Snapshot(counts.plus(sample.counts()), Map.copyOf(samples));
        }

        Snapshot plusOne(Metric counter, Enum<?> label) {
            var one = new LoopCounters();
            one.add(counter, label, 1);
            return new Snapshot(counts.plus(one.take()), newest);
        }

        /** Everything counted since the start. */
        public CounterSnapshot counts() {
            return counts;
        }

        /** The connections that are open now. */
        public OpenConnections open() {
            return newest.values().stream()
                    .map(TelemetrySample::connections)
                    .reduce(OpenConnections.NONE, OpenConnections::plus);
        }

        /** The newest sample of each event loop that has published one. */
        public Collection<TelemetrySample> newest() {
            return newest.values();
        }

        /** The newest sample of one event loop. */
        Optional<TelemetrySample> newest(int loop) {
            return Optional.ofNullable(newest.get(loop));
        }
    }
}
