package dev.resound.http.netty;

import dev.resound.websocket.protocol.Stall;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer of a channel that can be reset. Call it only on the channel's event loop.
 *
 * <p>After a {@linkplain Stall stall} of this service, the timer starts again with the full time.
 */
final class Deadline {

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
        if (Stall.isShownBy(now() - end, time.toNanos())) {
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
