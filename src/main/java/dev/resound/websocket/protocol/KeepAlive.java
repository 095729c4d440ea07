package dev.resound.websocket.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Decides when to ping a peer and when the peer has timed out: the 2*X rule. It holds times and sizes only; the
 * {@link Connection} calls it when its timer fires, and acts on the verdict. Times are those of
 * {@link System#nanoTime}.
 *
 * <p>Any received byte is activity, so a large frame on a slow line counts for as long as it takes. While a peer does
 * not read, the connection does not read from it either, so no bytes arrive. Then any output that the peer takes is
 * activity.
 *
 * <p>After a {@linkplain Stall stall} of this service, the timeout starts again and a ping is sent.
 */
final class KeepAlive {

    /** What the connection must do now. */
    enum Verdict {
        NOTHING,
        PING,
        EXPIRED
    }

    /** How often within the timeout to check whether a peer that does not read has taken any output. */
    private static final int BLOCKED_CHECKS = 8;

    /** The delay between a late check and the verdict: long enough to read the input that waits. */
    private static final long READ_FIRST = Duration.ofMillis(1).toNanos();

    private final long interval;
    private final long idleTimeout;
    private final TickAlignment ticks;

    private long lastActivity;
    private long nextPing;
    /** When the next check is due. */
    private long due;
    /** Whether the timeout has passed, but waiting input is read first, for {@link #READ_FIRST}. */
    private boolean readingFirst;

    /** Whether the peer does not read. */
    private boolean blocked;
    /** The output that was pending at the last check. */
    private long pendingBytes;

    private long pingSent;
    private boolean pongAwaited;

    /**
     * @param interval X, the time between two pings; zero disables pings
     * @param idleTimeout how long a peer may be silent; zero disables both pings and the timeout
     */
    KeepAlive(Duration interval, Duration idleTimeout) {
        this.interval = interval.toNanos();
        this.idleTimeout = idleTimeout.toNanos();
        // Aligned to the pings if the timeout leaves time for an answer, otherwise to the timeout.
        boolean answerable = !interval.isZero() && idleTimeout.compareTo(interval.multipliedBy(2)) >= 0;
        this.ticks = TickAlignment.of(answerable ? interval : idleTimeout.dividedBy(2));
    }

    /** Whether keep-alive is on. */
    boolean isOn() {
        return idleTimeout > 0;
    }

    void start(long now) {
        lastActivity = now;
        nextPing = now + interval;
        schedule(now);
    }

    /** Records that something arrived from the peer. */
    void activity(long now) {
        lastActivity = now;
        readingFirst = false;
    }

    /** Records that the peer has stopped reading. */
    void blocked(long pending, long now) {
        blocked = true;
        pendingBytes = pending;
        schedule(now);
    }

    /** Records that the peer reads again. */
    void released(long now) {
        blocked = false;
        activity(now);
    }

    /**
     * Decides what to do now, and when the next check is due.
     *
     * @param pending bytes of output that the peer has not taken
     */
    Verdict check(long pending, long now) {
        long late = now - due;
        if (Stall.isShownBy(late, idleTimeout)) {
            activity(now);
            nextPing = now;
        }
        if (blocked) {
            if (pending < pendingBytes) {
                activity(now);
            }
            pendingBytes = pending;
        }
        Verdict verdict = verdict(late, now);
        schedule(now);
        return verdict;
    }

    private Verdict verdict(long late, long now) {
        if (lastActivity + idleTimeout - now <= 0) {
            if (late <= 0 || readingFirst) {
                return Verdict.EXPIRED;
            }
            readingFirst = true;
            return Verdict.NOTHING;
        }
        if (interval > 0 && nextPing - now <= 0) {
            // Skips the pings that were missed.
            nextPing += interval * (1 + (now - nextPing) / interval);
            return blocked ? Verdict.NOTHING : Verdict.PING;
        }
        return Verdict.NOTHING;
    }

    private void schedule(long now) {
        if (readingFirst) {
            due = now + READ_FIRST;
            return;
        }
        long wait = lastActivity + idleTimeout - now;
        if (interval > 0) {
            wait = Math.min(wait, nextPing - now);
        }
        if (blocked) {
            wait = Math.min(wait, idleTimeout / BLOCKED_CHECKS);
        }
        due = ticks.align(now + Math.max(0, wait));
    }

    /** Nanoseconds until the next check is due. */
    long delay(long now) {
        return Math.max(0, due - now);
    }

    /** Returns the payload for a ping that is sent now. Only the pong of the newest ping is matched. */
    byte[] ping(long now) {
        pingSent = now;
        pongAwaited = true;
        return ByteBuffer.allocate(Long.BYTES).putLong(now).array();
    }

    /**
     * Returns the nanoseconds since the ping that a pong answers; negative if it answers none. A pong with any other
     * payload is allowed (RFC 6455 section 5.5.3) and ignored, so a client cannot fake round-trip times.
     */
    long roundTrip(byte[] pong, long now) {
        if (!pongAwaited || pong.length != Long.BYTES || ByteBuffer.wrap(pong).getLong() != pingSent) {
            return -1;
        }
        pongAwaited = false;
        return now - pingSent;
    }
}
