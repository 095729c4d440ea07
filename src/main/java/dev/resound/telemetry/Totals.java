package dev.resound.telemetry;

import dev.resound.websocket.handshake.ConnectionKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** All that the event loops of this process had told by one moment; immutable. */
public final class Totals {

    /** Before anything was told. */
    static final Totals NONE = new Totals(Counts.NONE, Map.of());

    private final Counts counts;
    private final Map<Integer, TelemetrySample> newest;

    private Totals(Counts counts, Map<Integer, TelemetrySample> newest) {
        this.counts = counts;
        this.newest = newest;
    }

    /** With one more sample. */
    Totals plus(TelemetrySample sample) {
        Map<Integer, TelemetrySample> samples = new HashMap<>(newest);
        samples.put(sample.loop(), sample);
        return new Totals(counts.plus(sample.counts()), Map.copyOf(samples));
    }

    /** With one more on a counter. */
    Totals plus(Metric counter, Enum<?> label) {
        var one = new Tally();
        one.add(counter, label, 1);
        return new Totals(counts.plus(one.take()), newest);
    }

    /** All that was counted since the start. */
    public Counts counts() {
        return counts;
    }

    /** How many connections are open. */
    public long open(ConnectionKind kind) {
        return newest.values().stream()
                .mapToLong(sample -> sample.connections().getOrDefault(kind, 0L))
                .sum();
    }

    /** The newest sample of each event loop that has published one. */
    public Collection<TelemetrySample> newest() {
        return newest.values();
    }

    /** The newest sample of an event loop. */
    Optional<TelemetrySample> newest(int loop) {
        return Optional.ofNullable(newest.get(loop));
    }
}
