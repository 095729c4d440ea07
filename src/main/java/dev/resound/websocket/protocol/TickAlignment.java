package dev.resound.websocket.protocol;

import java.time.Duration;

/**
 * Aligns timers to ticks that all connections with the same X share. One wake-up of the thread then pings hundreds of
 * peers, and their pongs arrive together.
 *
 * @param nanos the time between two ticks
 */
record TickAlignment(long nanos) {

    private static final long MAX_TICK = Duration.ofMillis(100).toNanos();
    private static final int TICKS_PER_INTERVAL = 256;

    /** Returns the tick for timers of this length: 1/256 of it, at most 100 ms. */
    static TickAlignment of(Duration interval) {
        return new TickAlignment(Math.clamp(interval.toNanos() / TICKS_PER_INTERVAL, 1, MAX_TICK));
    }

    /** Returns the first tick at or after a time; times are those of {@link System#nanoTime}. */
    long align(long time) {
        return time + Math.floorMod(-time, nanos);
    }
}
