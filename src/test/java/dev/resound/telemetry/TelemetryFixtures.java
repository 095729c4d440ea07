package dev.resound.telemetry;

/** Counts for the tests of other rooms. */
public final class TelemetryFixtures {

    private TelemetryFixtures() {}

    /** So many pings that were sent, and nothing else. */
    public static Counts pings(int count) {
        var tally = new Tally();
        tally.add(Metric.PINGS_SENT, count);
        return tally.take();
    }
}
