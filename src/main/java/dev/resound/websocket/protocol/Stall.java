package dev.resound.websocket.protocol;

import java.time.Duration;

/**
 * Recognizes a stall of this service (SIGSTOP, a suspended VM, a long pause) by a timer that fires late. What the peer
 * sent in the meantime may still wait in the socket, so a stall is not charged to the peer: it gets its full time again.
 */
public final class Stall {

    /** A timer that is later than this, or than a quarter of a shorter time, shows a stall. */
    private static final long MAX_DELAY = Duration.ofSeconds(1).toNanos();

    private static final int PART = 4;

    private Stall() {}

    /**
     * Whether a timer is so late that this service must have stalled.
     *
     * @param late how late the timer is, in nanoseconds
     * @param time the time limit that the timer enforces, in nanoseconds
     */
    public static boolean isShownBy(long late, long time) {
        return late > Math.min(MAX_DELAY, time / PART);
    }
}
