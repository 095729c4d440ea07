package dev.resound.telemetry;

import java.time.Duration;

/**
 * Measures how late the timers of an event loop run, by comparing each tick with the time its timer was due. Time is a parameter, in
 * nanoseconds from an arbitrary origin.
 */
final class LagProbe {

    private long due;
    private long newest;
    private long worst;

    /**
     * A timer was set.
     *
     * @param due when it should run
     */
    void expect(long due) {
        this.due = due;
    }

    /** The timer runs. */
    void tick(long now) {
        newest = Math.max(0, now - due);
        worst = Math.max(worst, newest);
    }

    /** Returns the lag since the last call. A tick that is due but has not run counts with its delay so far. */
    TelemetrySample.Lag take(long now) {
        var lag = new TelemetrySample.Lag(Duration.ofNanos(newest), Duration.ofNanos(Math.max(worst, now - due)));
        worst = 0;
        return lag;
    }
}
