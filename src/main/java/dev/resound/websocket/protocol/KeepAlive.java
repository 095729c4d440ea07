package dev.resound.websocket.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Decides when a peer is pinged and when it counts as gone: the 2*X rule. It holds times only; the {@link Connection} checks it when its timer
 * fires, and sends what it asks for. Times are those of {@link System#nanoTime}.
 *
 * <p>Any byte that arrives is activity: a large frame on a slow line is activity for as long as it takes. A peer that does not read is not read
 * from, so none of its bytes arrive; then it is activity that it takes output.
 *
 * <p>A check that runs late shows that this service stood still (SIGSTOP, a suspended VM, a long pause), and what the peer sent meanwhile may
 * wait in the socket. Such a stall is not charged to the peer.
 */
final class KeepAlive {

    /** What has to be done now. */
    enum Verdict {
        NOTHING,
        PING,
        EXPIRED
    }

    /** How often within the timeout a peer that does not read is checked: has it taken any output? */
    private static final int BLOCKED_CHECKS = 8;

    /** A check that is later than this restarts the timeout; a quarter of a timeout that is shorter. */
    private static final long STALL = Duration.ofSeconds(1).toNanos();

    private static final int STALL_PART = 4;

    /** Between a check that ran late and the verdict: enough for the input that waits to be read. */
    private static final long READ_FIRST = Duration.ofMillis(1).toNanos();

    private final long interval;
    private final long timeout;
    private final TickAlignment ticks;

    private long lastActivity;
    private long nextPing;
    /** When the next check is due. */
    private long due;
    /** The peer was silent for the timeout, and what it may have sent during the check's delay has been waited for. */
    private boolean confirmed;

    /** The peer does not read. */
    private boolean blocked;
    /** The output that was pending at the last check. */
    private long pendingBytes;

    private long pingSent;
    private boolean pongAwaited;

    /**
     * For one connection.
     *
     * @param interval X; zero for no pings
     * @param timeout how long a peer may be silent; zero for neither pings nor an end
     */
    KeepAlive(Duration interval, Duration timeout) {
        this.interval = interval.toNanos();
        this.timeout = timeout.toNanos();
        // Pings every X where the timeout leaves time for an answer; otherwise only the timeout matters.
        boolean answerable = !interval.isZero() && timeout.compareTo(interval.multipliedBy(2)) >= 0;
        this.ticks = TickAlignment.of(answerable ? interval : timeout.dividedBy(2));
    }

    /** Whether peers are checked at all. */
    boolean isOn() {
        return timeout > 0;
    }

    void start(long now) {
        lastActivity = now;
        nextPing = now + interval;
        schedule(now);
    }

    /** Something arrived from the peer. */
    void activity(long now) {
        lastActivity = now;
        confirmed = false;
    }

    /** The peer does not read any more. */
    void blocked(long pending, long now) {
        blocked = true;
        pendingBytes = pending;
        schedule(now);
    }

    /** The peer has read. */
    void released(long now) {
        blocked = false;
        activity(now);
    }

    /** How long a timer that is due at a time may be late before this service counts as stalled. */
    static boolean isStall(long late, long time) {
        return late > Math.min(STALL, time / STALL_PART);
    }

    /**
     * Decides what has to be done now, and when the next check is due.
     *
     * @param pending bytes of output that the peer has not taken
     */
    Verdict check(long pending, long now) {
        long late = now - due;
        if (isStall(late, timeout)) {
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
        if (lastActivity + timeout - now <= 0) {
            if (late <= 0 || confirmed) {
                return Verdict.EXPIRED;
            }
            confirmed = true;
            return Verdict.NOTHING;
        }
        if (interval > 0 && nextPing - now <= 0) {
            // Missed pings are not made up for.
            nextPing += interval * (1 + (now - nextPing) / interval);
            return blocked ? Verdict.NOTHING : Verdict.PING;
        }
        return Verdict.NOTHING;
    }

    private void schedule(long now) {
        if (confirmed) {
            due = now + READ_FIRST;
            return;
        }
        long wait = lastActivity + timeout - now;
        if (interval > 0) {
            wait = Math.min(wait, nextPing - now);
        }
        if (blocked) {
            wait = Math.min(wait, timeout / BLOCKED_CHECKS);
        }
        due = ticks.align(now + Math.max(0, wait));
    }

    /** Nanoseconds until the next check is due. */
    long delay(long now) {
        return Math.max(0, due - now);
    }

    /** The payload of a ping that is sent now. Only the newest ping is waited for. */
    byte[] ping(long now) {
        pingSent = now;
        pongAwaited = true;
        return ByteBuffer.allocate(Long.BYTES).putLong(now).array();
    }

    /**
     * The nanoseconds since the ping that a pong answers; negative if it answers none. A pong with any other payload is allowed (RFC 6455
     * section 5.5.3) and ignored, so that no client can make up round-trip times.
     */
    long roundTrip(byte[] pong, long now) {
        if (!pongAwaited || pong.length != Long.BYTES || ByteBuffer.wrap(pong).getLong() != pingSent) {
            return -1;
        }
        pongAwaited = false;
        return now - pingSent;
    }
}
