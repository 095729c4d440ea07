package dev.resound.logging;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Makes standard output and standard error non-blocking for the whole process, with an {@link Output} each. A slow reader loses lines and
 * blocks nothing.
 */
final class StandardStreams {

    /** Bytes that may wait for each stream: at 150 bytes per line, the lines of 14,000 connections. */
    private static final int CAPACITY = 4 * 1024 * 1024;

    /** On a small heap, the share that may wait. */
    private static final int SHARE_OF_HEAP = 32;

    private static volatile @Nullable StandardStreams inUse;

    private final Output out;
    private final Output err;

    private StandardStreams(Runnable whenIdle) {
        out = start("output", FileDescriptor.out, whenIdle);
        err = start("error-output", FileDescriptor.err, () -> {});
    }

    /**
     * Replaces {@link System#out} and {@link System#err}, once.
     *
     * @param whenIdle called about once per second while there is nothing to write
     */
    static synchronized void replace(Runnable whenIdle) {
        if (inUse == null) {
            var streams = new StandardStreams(whenIdle);
            inUse = streams;
            System.setOut(printing(streams.out));
            System.setErr(printing(streams.err));
        }
    }

    private static Output start(String name, FileDescriptor descriptor, Runnable whenIdle) {
        int capacity = (int) Math.min(CAPACITY, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
        return Output.start(
                name,
                Objects.requireNonNull(new FileOutputStream(descriptor).getChannel()),
                capacity,
                lines -> LoggerFactory.getLogger(StandardStreams.class)
                        .atWarn()
                        .addKeyValue("stream", name)
                        .addKeyValue("lines", lines)
                        .log("lines were dropped because the stream was not read or could not be written"),
                whenIdle);
    }

    private static PrintStream printing(Output output) {
        return new PrintStream(output, false, StandardCharsets.UTF_8);
    }

    static long dropped() {
        StandardStreams streams = inUse;
        return streams == null ? 0 : streams.out.dropped() + streams.err.dropped();
    }

    /** Waits until both are written, but not longer than this for each. */
    static void await(Duration patience) {
        StandardStreams streams = inUse;
        if (streams == null) {
            return;
        }
        try {
            streams.out.await(patience);
            streams.err.await(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
