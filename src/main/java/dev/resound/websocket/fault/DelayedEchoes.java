package dev.resound.websocket.fault;

import dev.resound.websocket.protocol.Transport;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Holds the echoes of one connection until they are due. It holds at most {@link #CAPACITY} and one more piece: above
 * that, the connection is not writable, so it stops reading.
 */
final class DelayedEchoes {

    /** In bytes. */
    static final int CAPACITY = 32 * 1024;

    /** The charge for a short echo, which costs objects besides its bytes. */
    private static final int MIN_CHARGE = 256;

    private static final int LENGTH_16_BITS = 126;
    private static final int LENGTH_64_BITS = 127;

    private final Transport transport;
    private final long delay;
    private final long jitter;
    private final Runnable onRelease;

    private final Deque<Echo> echoes = new ArrayDeque<>();
    private long charged;
    private long bytes;
    /** When the last echo is due. */
    private long lastDue;
    /** Whether the last echo is a header whose payload follows. */
    private boolean headerOnly;

    private @Nullable Future<?> timer;

    private record Echo(ByteBuf bytes, long due) {
        int charge() {
            return Math.max(MIN_CHARGE, bytes.readableBytes());
        }
    }

    /**
     * @param delay nanoseconds
     * @param jitter nanoseconds
     * @param onRelease is called after echoes have been written because they were due
     */
    DelayedEchoes(Transport transport, long delay, long jitter, Runnable onRelease) {
        this.transport = transport;
        this.delay = delay;
        this.jitter = jitter;
        this.onRelease = onRelease;
    }

    /** Adds one or more frames, the header of a frame, or its payload; takes ownership of the buffer. */
    void add(ByteBuf frames) {
        long now = transport.nanoTime();
        if (!headerOnly) { // Otherwise due together with the header, so that no control frame comes between them.
            long due =
                    now + delay + (jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(jitter + 1));
            lastDue = echoes.isEmpty() || due - lastDue > 0 ? due : lastDue;
        }
        headerOnly = !headerOnly && isHeaderOnly(frames);
        var echo = new Echo(frames, lastDue);
        echoes.add(echo);
        charged += echo.charge();
        bytes += frames.readableBytes();
        if (timer == null) {
            schedule(now);
        }
    }

    /** Whether a buffer ends after the header of its first frame, which has a payload. */
    private static boolean isHeaderOnly(ByteBuf frames) {
        int length = frames.getByte(frames.readerIndex() + 1) & 0x7f;
        int header = length == LENGTH_64_BITS ? 10 : length == LENGTH_16_BITS ? 4 : 2;
        return length > 0 && frames.readableBytes() == header;
    }

    private void schedule(long now) {
        Echo first = echoes.peek();
        timer = first == null ? null : transport.schedule(Math.max(0, first.due - now), this::onTimer);
    }

    private void onTimer() {
        long now = transport.nanoTime();
        for (Echo first = echoes.peek(); first != null && first.due - now <= 0; first = echoes.peek()) {
            release(first);
        }
        schedule(now);
        transport.flush();
        onRelease.run();
    }

    private void release(Echo first) {
        remove();
        transport.write(first.bytes);
    }

    private void remove() {
        Echo removed = echoes.remove();
        charged -= removed.charge();
        bytes -= removed.bytes.readableBytes();
    }

    /** Writes everything at once. */
    void releaseAll() {
        cancel();
        for (Echo first = echoes.peek(); first != null; first = echoes.peek()) {
            release(first);
        }
    }

    /** Discards everything. */
    void discard() {
        cancel();
        for (Echo first = echoes.peek(); first != null; first = echoes.peek()) {
            remove();
            first.bytes.release();
        }
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    boolean isEmpty() {
        return echoes.isEmpty();
    }

    boolean isFull() {
        return charged > CAPACITY || (!echoes.isEmpty() && transport.isMemoryShort());
    }

    /** The bytes of all echoes. */
    long bytes() {
        return bytes;
    }
}
