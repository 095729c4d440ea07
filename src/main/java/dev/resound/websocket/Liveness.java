package dev.resound.websocket;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the peer of one connection is still there: pings it, and tells when it is gone. It has one timer, which looks
 * at the {@link KeepAliveClock} when it fires; what comes from the peer only stamps the time.
 */
final class Liveness {

    /** How often within the timeout a peer that does not read is looked at: has it taken anything? */
    private static final int STALL_PROBES = 8;

    private final Duration interval;
    private final Duration timeout;
    private final SharedTick tick;
    private final FrameChannel channel;
    private final ConnectionObserver observer;
    private final Consumer<CloseCause> onGone;
    private final PingStamp pings = new PingStamp();

    private @Nullable KeepAliveClock clock;
    private @Nullable Future<?> timer;
    private boolean stalled;
    private long bytesDue;

    /**
     * For one connection.
     *
     * @param interval X; 0 for no pings
     * @param timeout how long the peer may be silent; 0 for neither pings nor an end
     * @param onGone is called once, with {@link CloseCause#IDLE} or {@link CloseCause#SLOW_CONSUMER}
     */
    Liveness(
            Duration interval,
            Duration timeout,
            FrameChannel channel,
            ConnectionObserver observer,
            Consumer<CloseCause> onGone) {
        this.interval = interval;
        this.timeout = timeout;
        // Of X as long as the timeout is not below 2*X.
        this.tick = SharedTick.of(
                interval.isZero() || timeout.compareTo(interval.multipliedBy(2)) < 0 ? timeout.dividedBy(2) : interval);
        this.channel = channel;
        this.observer = observer;
        this.onGone = onGone;
    }

    void start() {
        if (!timeout.isZero()) {
            clock = new KeepAliveClock(interval, timeout, channel::nanoTime);
            look();
        }
    }

    void end() {
        clock = null;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** Something came from the peer. Any byte is a sign: a large frame on a slow line is one for as long as it takes. */
    void sign() {
        if (clock != null) {
            clock.sign();
        }
    }

    /** A pong came; one that answers the newest ping gives a round-trip time. */
    void pong(byte[] payload) {
        pings.roundTrip(payload, channel.nanoTime()).ifPresent(observer::roundTrip);
    }

    /** The peer does not read what is due to it, and is not read from. From now on taking some of that is its sign of life. */
    void stalled() {
        stalled = true;
        bytesDue = channel.pendingBytes();
        look();
    }

    /** The peer has read what was due to it. */
    void moving() {
        stalled = false;
        sign();
    }

    private void look() {
        KeepAliveClock current = clock;
        if (current == null) {
            return;
        }
        if (stalled && tookSomething()) {
            current.sign();
        }
        switch (current.check()) {
            case KeepAliveClock.Verdict.Wait(long nanos) -> {
                long probe = timeout.toNanos() / STALL_PROBES;
                lookAgain(stalled ? Math.min(nanos, probe) : nanos);
            }
            case KeepAliveClock.Verdict.Ping() -> {
                ping();
                look();
            }
            case KeepAliveClock.Verdict.Expired() ->
                onGone.accept(stalled ? CloseCause.SLOW_CONSUMER : CloseCause.IDLE);
        }
    }

    private void lookAgain(long nanos) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = channel.schedule(this::look, tick.after(channel.nanoTime(), nanos));
    }

    private boolean tookSomething() {
        long before = bytesDue;
        bytesDue = channel.pendingBytes();
        return bytesDue < before;
    }

    private void ping() {
        if (!stalled) {
            channel.ping(pings.next(channel.nanoTime()));
            observer.pingSent();
        }
    }
}
