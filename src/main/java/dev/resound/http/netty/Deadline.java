package dev.resound.http.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer of a channel that can be reset. Call it only on the channel's event loop.
 *
 * <p>A timer that fires late shows that this service stalled (SIGSTOP, a suspended VM, a long pause). What the client
 * sent in the meantime may still wait in the socket, so the timer starts again with the full time.
 */
final class Deadline {

    /** A timer that is later than this, or than a quarter of a shorter time, starts again. */
    private static final Duration STALL = Duration.ofSeconds(1);

    private static final int STALL_PART = 4;

    private final Channel channel;
    private final Runnable expiry;
    private @Nullable Future<?> timer;
    private long end;
    private Duration time = Duration.ZERO;

    Deadline(Channel channel, Runnable expiry) {
        this.channel = channel;
        this.expiry = expiry;
    }

    /** Restarts the timer with a new time. */
    void set(Duration replacement) {
        cancel();
        time = replacement;
        end = now() + time.toNanos();
        timer = channel.eventLoop().schedule(this::fire, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        Duration late = Duration.ofNanos(now() - end);
        if (late.compareTo(STALL) > 0 || late.multipliedBy(STALL_PART).compareTo(time) > 0) {
            set(time);
        } else {
            expiry.run();
        }
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** The time left; zero if it has expired. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - now()));
    }
}
