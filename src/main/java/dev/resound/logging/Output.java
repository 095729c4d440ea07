package dev.resound.logging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * A stream that never blocks the writer. A separate thread writes to the target. Lines that do not fit into the queue or cannot be written
 * (full disk, closed pipe) are dropped
 * and counted. Each call of {@link #write(byte[], int, int)} is one line, written completely or not at all.
 *
 * <p>A line leaves at once if none has left for {@link #GATHER_MILLIS}. Otherwise it waits that long for others, or until they fill a
 * chunk, and all leave in one system call.
 *
 * <p>After a dropped line, all further lines are dropped until the queue is empty. So the output has a single gap, and its size is reported
 * there.
 */
final class Output extends OutputStream {

    private static final int CHUNK = 16 * 1024;
    private static final long GATHER_MILLIS = 5;
    private static final long RETRY_MILLIS = 10;
    private static final long IDLE_MILLIS = 1000;
    private static final byte[] LINE_END = {'\n'};

    private final WritableByteChannel target;
    private final int capacity;
    private final LongConsumer onGap;
    private final Runnable whenIdle;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);

    private final ArrayDeque<byte[]> queue = new ArrayDeque<>();
    private long queuedBytes;
    private boolean writing;
    private boolean dropping;
    private long dropped;
    private long reported;

    /** Whether the last attempt ended in the middle of a line. Only for the thread that writes. */
    private boolean torn;

    private Output(WritableByteChannel target, int capacity, LongConsumer onGap, Runnable whenIdle) {
        this.target = target;
        this.capacity = capacity;
        this.onGap = onGap;
        this.whenIdle = whenIdle;
    }

    /**
     * Starts one.
     *
     * @param name of its thread
     * @param target may block
     * @param capacity bytes that may wait for the target
     * @param onGap told how many lines were dropped, once the target takes lines again; it may write to this output
     * @param whenIdle called about once per second while there is nothing to write; it may write to this output
     */
    static Output start(String name, WritableByteChannel target, int capacity, LongConsumer onGap, Runnable whenIdle) {
        var output = new Output(target, capacity, onGap, whenIdle);
        var thread = new Thread(output::run, name);
        thread.setDaemon(true);
        thread.start();
        return output;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return;
        }
        if (dropping || queuedBytes + length > capacity) {
            dropping = true;
            dropped++;
            return;
        }
        queue.add(Arrays.copyOfRange(bytes, offset, offset + length));
        queuedBytes += length;
        notifyAll();
    }

    /** How many lines were dropped so far. */
    synchronized long dropped() {
        return dropped;
    }

    /** Waits until everything is written, but not longer than this. */
    synchronized void await(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long left = patience.toMillis();
        while ((writing || !queue.isEmpty()) && left > 0) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    private void run() {
        try {
            while (true) {
                List<byte[]> lines = take();
                if (lines.isEmpty()) {
                    whenIdle.run();
                } else {
                    int lost = passOn(lines);
                    long gap = finish(lost);
                    if (gap > 0) {
                        onGap.accept(gap);
                    }
                    if (!hasChunk()) {
                        Thread.sleep(GATHER_MILLIS);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next lines, at least one and not more than a chunk; none if there is none for a while. */
    @SuppressWarnings("WaitNotInLoop") // After a spurious wake-up there is none.
    private synchronized List<byte[]> take() throws InterruptedException {
        if (queue.isEmpty()) {
            wait(IDLE_MILLIS);
        }
        List<byte[]> lines = new ArrayList<>();
        int bytes = 0;
        for (byte[] line = queue.peek();
                line != null && (lines.isEmpty() || bytes + line.length <= CHUNK);
                line = queue.peek()) {
            lines.add(queue.remove());
            bytes += line.length;
        }
        queuedBytes -= bytes;
        writing = !lines.isEmpty();
        return lines;
    }

    private synchronized boolean hasChunk() {
        return queuedBytes >= CHUNK;
    }

    /** Returns how many lines were lost, if that is to be reported now. */
    private synchronized long finish(int lost) {
        writing = false;
        dropped += lost;
        if (!queue.isEmpty()) {
            return 0;
        }
        dropping = false;
        notifyAll();
        if (lost > 0) {
            return 0;
        }
        long gap = dropped - reported;
        reported = dropped;
        return gap;
    }

    /** Writes these lines, and returns how many of them were lost: all from the first that could not be written. */
    private int passOn(List<byte[]> lines) throws InterruptedException {
        if (torn && writeToTarget(LINE_END) == 0) {
            return lines.size();
        }
        torn = false;
        int written = writeToTarget(joined(lines));
        int lost = 0;
        int end = 0;
        for (byte[] line : lines) {
            int start = end;
            end += line.length;
            if (end > written) {
                lost++;
                torn |= start < written;
            }
        }
        return lost;
    }

    private static byte[] joined(List<byte[]> lines) {
        if (lines.size() == 1) {
            return lines.getFirst();
        }
        var all = new ByteArrayOutputStream(CHUNK);
        lines.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Returns how many of the bytes the target has taken before it failed. */
    private int writeToTarget(byte[] bytes) throws InterruptedException {
        int done = 0;
        try {
            while (done < bytes.length) {
                chunk.clear()
                        .put(bytes, done, Math.min(CHUNK, bytes.length - done))
                        .flip();
                int written = target.write(chunk);
                if (written == 0) {
                    // The descriptor does not block and its reader is slow.
                    Thread.sleep(RETRY_MILLIS);
                }
                done += written;
            }
        } catch (IOException full) {
            return done;
        }
        return done;
    }
}
