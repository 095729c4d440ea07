package dev.resound.telemetry;

import java.time.Duration;

/**
 * Measures how late the timers of an event loop run: each tick against the time that its own timer was due. It is told the time
 * in nanoseconds from an arbitrary origin, and knows no timer itself.
 */
final class LagProbe {

    private long due;
    private long newest;
    private long worst;

    /**
     * A timer was set.
     *
     * @param due when it has to run
     */
    void expect(long due) {
        this.due = due;
    }

    /** The timer runs. */
    void tick(long now) {
        newest = Math.max(0, now - due);
        worst = Math.max(worst, newest);
    }

    /** What was measured since the last time. A tick that is due and has not run counts with its delay so far. */
    LoopLag take(long now) {
        var lag = new LoopLag(Duration.ofNanos(newest), Duration.ofNanos(Math.max(worst, now - due)));
        worst = 0;
        return lag;
    }
}
