package dev.resound.websocket;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The keep-alive and the 2*X rule as arithmetic: a ping every X, and the end when nothing has come for 2*X. It knows neither
 * sockets nor timers: a sign of life only stamps the time, and whoever asks is told what is due.
 */
final class KeepAliveClock {

    /** What is due. */
    sealed interface Verdict {
        /** Nothing; ask again after so many nanoseconds. */
        record Wait(long nanos) implements Verdict {}

        /** A ping; ask again at once for what follows. */
        record Ping() implements Verdict {}

        /** Nothing has come for 2*X. */
        record Expired() implements Verdict {}
    }

    private static final Verdict PING = new Verdict.Ping();
    private static final Verdict EXPIRED = new Verdict.Expired();

    private final LongSupplier ticker;
    private final long interval;
    private long lastSign;
    private long nextPing;

    /**
     * Starts now.
     *
     * @param interval X, more than 0
     * @param ticker nanoseconds from an arbitrary origin, as {@link System#nanoTime}
     */
    KeepAliveClock(Duration interval, LongSupplier ticker) {
        this.ticker = ticker;
        this.interval = interval.toNanos();
        this.lastSign = ticker.getAsLong();
        this.nextPing = lastSign + this.interval;
    }

    /** Something came from the peer. */
    void sign() {
        lastSign = ticker.getAsLong();
    }

    /** What is due now. */
    Verdict check() {
        long now = ticker.getAsLong();
        long untilExpiry = lastSign + 2 * interval - now;
        if (untilExpiry <= 0) {
            return EXPIRED;
        }
        if (nextPing - now <= 0) {
            // Pings that a stalled event loop missed are not made up for.
            nextPing += interval * (1 + (now - nextPing) / interval);
            return PING;
        }
        return new Verdict.Wait(Math.min(untilExpiry, nextPing - now));
    }
}
