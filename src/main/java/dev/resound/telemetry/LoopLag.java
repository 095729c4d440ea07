package dev.resound.telemetry;

import java.time.Duration;

/**
 * How late the ticks of an event loop's timer ran: what anything else on that loop had to wait for.
 *
 * @param newest of the last tick of the interval
 * @param worst of all ticks of the interval
 */
public record LoopLag(Duration newest, Duration worst) {

    /** Every tick was in time. */
    public static final LoopLag NONE = new LoopLag(Duration.ZERO, Duration.ZERO);
}
