package dev.resound.telemetry;

import java.time.Duration;

/** Measures how late a periodic timer runs. It is told the time, and knows no timer itself. */
final class LagProbe {

    private final long period;
    private long due;
    private long newest;
    private long worst;

    /**
     * @param now when the timer was set, in nanoseconds from an arbitrary origin
     * @param period between two ticks; a late tick does not put off those behind it
     */
    LagProbe(long now, Duration period) {
        this.period = period.toNanos();
        this.due = now + this.period;
    }

    void tick(long now) {
        newest = Math.max(0, now - due);
        worst = Math.max(worst, newest);
        due += period;
    }

    /** What was measured since the last time; a tick that is due and has not run counts with what it is late by now. */
    LoopLag take(long now) {
        var lag = new LoopLag(Duration.ofNanos(newest), Duration.ofNanos(Math.max(worst, now - due)));
        worst = 0;
        return lag;
    }
}
