package dev.resound.telemetry;

import java.util.concurrent.atomic.AtomicLong;

/** The state of the fleet view, as the metrics show it. Thread-safe. */
public final class FleetStatus {

    private final AtomicLong writesLost = new AtomicLong();
    private final AtomicLong entriesRejected = new AtomicLong();
    private volatile boolean connected;

    /** Whether the last write to Redis succeeded. */
    public boolean connected() {
        return connected;
    }

    public void connected(boolean now) {
        connected = now;
    }

    /** Intervals whose totals were not written. */
    public long writesLost() {
        return writesLost.get();
    }

    public void writeLost() {
        writesLost.incrementAndGet();
    }

    /** Entries in the stream that are not valid. */
    public long entriesRejected() {
        return entriesRejected.get();
    }

    public void entryRejected() {
        entriesRejected.incrementAndGet();
    }
}
