package dev.resound.telemetry;

import dev.resound.websocket.Protocol;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Adds up what the event loops of this process publish on the event bus. All that is shown to anybody comes from here, so that
 * Prometheus and the live feed agree to the message. Any thread may ask.
 */
public final class Totals {

    private final Map<Integer, TelemetrySample> newest = new ConcurrentHashMap<>();
    private volatile Counts counts = Counts.NONE;

    private Totals() {}

    /**
     * Begins to listen, on the caller's context and until that ends: a verticle that deploys the event loops' ones outlives them,
     * and so hears the last of what they publish.
     */
    public static Future<Totals> start(TelemetryBus bus) {
        var totals = new Totals();
        MessageConsumer<TelemetrySample> consumer = bus.onSample(totals::add);
        return consumer.completion().map(totals);
    }

    private void add(TelemetrySample sample) {
        counts = counts.plus(sample.counts());
        newest.put(sample.loop(), sample);
    }

    /** All that was counted since the start. */
    public Counts counts() {
        return counts;
    }

    /** How many connections are open. */
    public long open(Protocol protocol) {
        return newest.values().stream()
                .mapToLong(sample -> sample.connections().getOrDefault(protocol, 0L))
                .sum();
    }

    /** The newest sample of each event loop that has published one. */
    public Collection<TelemetrySample> newest() {
        return Collections.unmodifiableCollection(newest.values());
    }

    /** The newest sample of an event loop. */
    Optional<TelemetrySample> newest(int loop) {
        return Optional.ofNullable(newest.get(loop));
    }
}
