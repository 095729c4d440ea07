package dev.resound.websocket;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The keep-alive as arithmetic: a ping every X, and the end when nothing has come for a timeout, which is 2*X unless it is set. It
 * knows neither sockets nor timers: a sign of life only stamps the time, and whoever asks is told what is due.
 */
final class KeepAliveClock {

    /** What is due. */
    sealed interface Verdict {
        /** Nothing; ask again after so many nanoseconds. */
        record Wait(long nanos) implements Verdict {}

        /** A ping; ask again at once for what follows. */
        record Ping() implements Verdict {}

        /** Nothing has come for the timeout. */
        record Expired() implements Verdict {}
    }

    private static final Verdict PING = new Verdict.Ping();
    private static final Verdict EXPIRED = new Verdict.Expired();

    private final LongSupplier ticker;
    private final long interval;
    private final long timeout;
    private long lastSign;
    private long nextPing;

    /**
     * Starts now.
     *
     * @param interval X; 0 for no pings
     * @param timeout how long a peer may be silent, more than 0
     * @param ticker nanoseconds from an arbitrary origin, as {@link System#nanoTime}
     */
    KeepAliveClock(Duration interval, Duration timeout, LongSupplier ticker) {
        this.ticker = ticker;
        this.interval = interval.toNanos();
        this.timeout = timeout.toNanos();
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
        long untilExpiry = lastSign + timeout - now;
        if (untilExpiry <= 0) {
            return EXPIRED;
        }
        if (interval == 0) {
            return new Verdict.Wait(untilExpiry);
        }
        if (nextPing - now <= 0) {
            // Pings that a stalled event loop missed are not made up for.
            nextPing += interval * (1 + (now - nextPing) / interval);
            return PING;
        }
        return new Verdict.Wait(Math.min(untilExpiry, nextPing - now));
    }
}
