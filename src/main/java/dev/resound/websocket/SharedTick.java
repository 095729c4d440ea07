package dev.resound.websocket;

import java.time.Duration;

/**
 * Moments that all connections with the same X share. Timers that end on them fire together, a little late: then one wake-up of the
 * event loop pings hundreds of peers, and their pongs come together too.
 *
 * @param nanos the time from one to the next
 */
record SharedTick(long nanos) {

    private static final long MOST = Duration.ofMillis(100).toNanos();
    private static final int PART_OF_INTERVAL = 256;

    /** For timers of so long an X: a tick is a part of it that nobody minds, and 100 ms at the most. */
    static SharedTick of(Duration interval) {
        return new SharedTick(Math.clamp(interval.toNanos() / PART_OF_INTERVAL, 1, MOST));
    }

    /**
     * The delay that ends on the first tick after another delay.
     *
     * @param now as {@link System#nanoTime}
     */
    long after(long now, long delay) {
        return delay + Math.floorMod(-(now + delay), nanos);
    }
}
