package dev.resound.telemetry;

/** Snapshots for the tests of other packages. */
public final class TelemetryFixtures {

    private TelemetryFixtures() {}

    /** So many pings that were sent, and nothing else. */
    public static CounterSnapshot pings(int count) {
        var counters = new LoopCounters();
        counters.add(Metric.PINGS_SENT, count);
        return counters.take();
    }
}
