package dev.resound.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * A stream that never blocks the writer. A separate thread writes to the target. Lines that do not fit into the queue or cannot be written
 * (full disk, closed pipe) are dropped
 * and counted. Each call of {@link #write(byte[], int, int)} is one line, written completely or not at all.
 *
 * <p>After a dropped line, all further lines are dropped until the queue is empty. So the output has a single gap, and its size is reported
 * there.
 */
final class Output extends OutputStream {

    private static final int CHUNK = 16 * 1024;
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
                byte[] line = take();
                if (line.length == 0) {
                    whenIdle.run();
                } else {
                    boolean written = passOn(line);
                    long gap = finish(written);
                    if (gap > 0) {
                        onGap.accept(gap);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next line; empty if there is none for a while. */
    @SuppressWarnings("WaitNotInLoop") // After a spurious wake-up there is none.
    private synchronized byte[] take() throws InterruptedException {
        if (queue.isEmpty()) {
            wait(IDLE_MILLIS);
        }
        byte[] line = queue.poll();
        if (line == null) {
            return new byte[0];
        }
        queuedBytes -= line.length;
        writing = true;
        return line;
    }

    /** Returns how many lines were lost, if that is to be reported now. */
    private synchronized long finish(boolean written) {
        writing = false;
        if (!written) {
            dropped++;
        }
        if (!queue.isEmpty()) {
            return 0;
        }
        dropping = false;
        notifyAll();
        if (!written) {
            return 0;
        }
        long gap = dropped - reported;
        reported = dropped;
        return gap;
    }

    private boolean passOn(byte[] line) throws InterruptedException {
        try {
            if (torn) {
                writeFully(LINE_END);
                torn = false;
            }
            writeFully(line);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void writeFully(byte[] bytes) throws IOException, InterruptedException {
        for (int done = 0; done < bytes.length; ) {
            chunk.clear().put(bytes, done, Math.min(CHUNK, bytes.length - done)).flip();
            int written = target.write(chunk);
            if (written == 0) {
                // The descriptor does not block and its reader is slow.
                Thread.sleep(RETRY_MILLIS);
            }
            done += written;
            torn = done < bytes.length;
        }
    }
}
