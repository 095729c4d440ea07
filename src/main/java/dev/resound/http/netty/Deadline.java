package dev.resound.http.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A timer of a channel that can be reset. Call it only on the channel's event loop. */
final class Deadline {

    private final Channel channel;
    private final Runnable expiry;
    private @Nullable Future<?> timer;
    private long end;

    Deadline(Channel channel, Runnable expiry) {
        this.channel = channel;
        this.expiry = expiry;
    }

    /** Replaces the time that is left. */
    void set(Duration time) {
        cancel();
        end = channel.eventLoop().ticker().nanoTime() + time.toNanos();
        timer = channel.eventLoop().schedule(expiry, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    void cancel() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** The time left; zero if it has expired. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - channel.eventLoop().ticker().nanoTime()));
    }
}
