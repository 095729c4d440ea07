package dev.resound.feed;

import java.util.concurrent.TimeUnit;

/** A token bucket: so many a second, and as many at once. It is told the time. */
final class RateLimit {

    private final int perSecond;
    private double tokens;
    private long previous;

    /** @param now in nanoseconds from an arbitrary origin */
    RateLimit(int perSecond, long now) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.previous = now;
    }

    /** Whether one more is allowed; if so, it counts. */
    boolean allows(long now) {
        double elapsed = (now - previous) / (double) TimeUnit.SECONDS.toNanos(1);
        previous = now;
        tokens = Math.min(perSecond, tokens + elapsed * perSecond);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
