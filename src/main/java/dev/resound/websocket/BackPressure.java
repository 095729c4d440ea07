package dev.resound.websocket;

import java.time.Duration;

/**
 * Stops reading from a peer that does not read: what is due to it stays bounded, its pings included.
 *
 * <p>For one connection and one thread.
 */
final class BackPressure {

    private final FrameChannel channel;
    private final Liveness liveness;
    private final ConnectionObserver observer;
    private boolean paused;
    private long pausedAt;

    BackPressure(FrameChannel channel, Liveness liveness, ConnectionObserver observer) {
        this.channel = channel;
        this.liveness = liveness;
        this.observer = observer;
    }

    /** Something was written. */
    void check() {
        boolean isShort = DirectMemory.isShort();
        if (paused || (channel.isWritable() && !isShort)) {
            return;
        }
        channel.flushNow();
        boolean writable = channel.isWritable();
        if (!writable || (isShort && channel.hasPending())) {
            paused = true;
            pausedAt = channel.nanoTime();
            if (writable) {
                channel.whenFlushed(this::ease); // No change of the writability will tell.
            }
            channel.pauseReading();
            observer.backpressurePause();
            liveness.stalled();
        }
    }

    /** The peer has taken enough of what was due to it, or does not have to any more. */
    void ease() {
        if (paused) {
            paused = false;
            liveness.moving();
            channel.resumeReading();
        }
    }

    /** Whether the peer is not read from because it does not read. */
    boolean isPaused() {
        return paused;
    }

    /** Whether that has been so for a time. */
    boolean isPausedFor(Duration time) {
        return paused && channel.nanoTime() - pausedAt >= time.toNanos();
    }
}
