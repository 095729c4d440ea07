package dev.resound.websocket.protocol;

import java.time.Duration;

/**
 * Decides when a connection has taken too long to close. It holds times and sizes only; the {@link Connection} calls it
 * when its timer fires, and acts on the verdict. Times are those of {@link System#nanoTime}.
 */
final class ClosingDeadline {

    private long period;
    /** When the period ends. */
    private long end;
    /** The output that was pending when the period started. */
    private long pendingAtStart;

    /**
     * Starts a period, in place of the previous one.
     *
     * @param pending bytes of output that the peer has not taken
     */
    void start(Duration time, long pending, long now) {
        start(time.toNanos(), pending, now);
    }

    private void start(long nanos, long pending, long now) {
        period = nanos;
        end = now + nanos;
        pendingAtStart = pending;
    }

    /** Measures progress against this amount of pending output from now on. */
    void measureFrom(long pending) {
        pendingAtStart = pending;
    }

    /**
     * Decides, when the period has ended, whether the connection has taken too long. The period starts again if this
     * service stalled, or if the peer has taken output and more is pending.
     *
     * @param extensible whether the peer gets more time for taking output
     */
    boolean expired(long pending, boolean extensible, long now) {
        boolean progress = extensible && pending > 0 && pending < pendingAtStart;
        if (progress || Stall.isShownBy(now - end, period)) {
            start(period, pending, now);
            return false;
        }
        return true;
    }

    /** Nanoseconds until the period ends. */
    long delay(long now) {
        return Math.max(0, end - now);
    }

    /** Nanoseconds since the period started. */
    long elapsed(long now) {
        return now - (end - period);
    }
}
