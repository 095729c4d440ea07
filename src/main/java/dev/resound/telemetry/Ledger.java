package dev.resound.telemetry;

import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;

/**
 * Adds up what the event loops of this process publish on the event bus. All that is shown to anybody comes from here, so that
 * Prometheus and the live feed agree to the message. Any thread may ask.
 */
public final class Ledger {

    private volatile Totals now = Totals.NONE;

    private Ledger() {}

    /**
     * Begins to listen, on the caller's context and until that ends: a verticle that deploys the event loops' ones outlives them,
     * and so hears the last of what they publish.
     */
    public static Future<Ledger> start(TelemetryBus bus) {
        var ledger = new Ledger();
        MessageConsumer<TelemetrySample> consumer = bus.onSample(ledger::add);
        return consumer.completion().map(ledger);
    }

    private synchronized void add(TelemetrySample sample) {
        now = now.plus(sample);
    }

    /**
     * Adds one to a counter of the process, which belongs to no event loop; any thread may call it.
     *
     * @param label a constant of the enum behind the counter's {@link Label}
     */
    public synchronized void count(Metric counter, Enum<?> label) {
        now = now.plus(counter, label);
    }

    /** What was told by now: who shows more than one number of it asks once, so that they belong together. */
    public Totals now() {
        return now;
    }
}
