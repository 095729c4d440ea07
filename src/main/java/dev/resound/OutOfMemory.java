package dev.resound;

import dev.resound.logging.LogSetup;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process with exit code 3 when it is out of memory, without JVM options such as
 * {@code -XX:+ExitOnOutOfMemoryError}. Any {@link OutOfMemoryError} counts: of the heap, direct memory, metaspace or
 * threads. If Netty refuses to allocate a buffer because direct memory is short, only a connection fails, and the
 * process ends if this goes on for {@link #SHORTAGE_SECONDS} seconds. A lack of memory shows in one of three ways:
 *
 * <ul>
 *   <li>a thread dies of the error;
 *   <li>Netty or Vert.x catches and logs the error;
 *   <li>no error is thrown, because the garbage collector still frees a few bytes each time: for
 *       {@link #THRASHING_SECONDS} seconds the process did little but collect garbage, and the heap stayed full. The
 *       parallel collector calls this its GC overhead limit; the other collectors have no such limit.
 * </ul>
 *
 * <p>Everything needed to end the process is allocated at the start.
 */
final class OutOfMemory implements Consumer<Throwable>, Thread.UncaughtExceptionHandler {

    static final int EXIT_CODE = 3;

    private static final byte[] MESSAGE = "resound: out of memory\n".getBytes(StandardCharsets.UTF_8);
    private static final int MOST_CAUSES = 32;
    private static final long WATCH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORTAGE_SECONDS = 10;
    private static final int THRASHING_SECONDS = 5;
    private static final double THRASHING_GC_SHARE = 0.9;
    private static final double THRASHING_FREE_SHARE = 0.05;

    private static final Logger log = LoggerFactory.getLogger(OutOfMemory.class);

    private final FileOutputStream standardError = new FileOutputStream(FileDescriptor.err);
    private final Thread watch = new Thread(this::watch, "memory-watch");
    private volatile boolean ending;
    /** When Netty began to refuse buffers, and when it last refused one. */
    private volatile long shortSince;

    private volatile long shortAt = System.nanoTime() - TimeUnit.SECONDS.toNanos(SHORTAGE_SECONDS);

    private OutOfMemory() {}

    /** Starts to watch this process. */
    static void watchProcess() {
        var outOfMemory = new OutOfMemory();
        Thread.setDefaultUncaughtExceptionHandler(outOfMemory);
        LogSetup.ofProcess(outOfMemory);
        outOfMemory.watch.setDaemon(true);
        outOfMemory.watch.start();
    }

    /** Whether this is an {@link OutOfMemoryError} or was caused by one. */
    static boolean isBehind(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        if (isBehind(thrown)) {
            end();
        }
        try {
            log.atError()
                    .addKeyValue("thread", thread.getName())
                    .setCause(thrown)
                    .log("uncaught exception");
        } catch (LinkageError e) {
            // Without free file descriptors, the classes of the log may fail to load.
        }
    }

    /** Ends the process if the logged exception was caused by an {@link OutOfMemoryError}. */
    @Override
    public void accept(Throwable thrown) {
        if (isBehind(thrown) && (!isRefusedBuffer(thrown) || shortageLasts(System.nanoTime()))) {
            end();
        }
    }

    private static boolean isRefusedBuffer(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof OutOfDirectMemoryError) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private boolean shortageLasts(long now) {
        long limit = TimeUnit.SECONDS.toNanos(SHORTAGE_SECONDS);
        if (now - shortAt >= limit / 2) {
            shortSince = now;
        }
        shortAt = now;
        return now - shortSince >= limit;
    }

    /** Ends the process. Standard error may block; the watching thread then ends the process a second later. */
    private void end() {
        ending = true;
        LockSupport.unpark(watch);
        try {
            standardError.write(MESSAGE);
        } catch (IOException | RuntimeException | Error e) {
            // The message is optional; the process ends anyway.
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    private void watch() {
        int thrashing = 0;
        long lastTime = System.nanoTime();
        long lastCollecting = 0;
        while (!ending) {
            LockSupport.parkNanos(WATCH_NANOS);
            if (ending) {
                break;
            }
            long time = System.nanoTime();
            if (time - lastTime < WATCH_NANOS) {
                continue;
            }
            if (!isHeapFull()) {
                thrashing = 0;
                lastCollecting = -1;
            } else {
                long collecting = collectingNanos();
                boolean busy =
                        lastCollecting >= 0 && collecting - lastCollecting >= THRASHING_GC_SHARE * (time - lastTime);
                thrashing = busy ? thrashing + 1 : 0;
                lastCollecting = collecting;
                if (thrashing >= THRASHING_SECONDS) {
                    end();
                }
            }
            lastTime = time;
        }
        LockSupport.parkNanos(WATCH_NANOS);
        Runtime.getRuntime().halt(EXIT_CODE);
    }

    private static boolean isHeapFull() {
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        return free < THRASHING_FREE_SHARE * runtime.maxMemory();
    }

    private static long collectingNanos() {
        long millis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            millis += collector.getCollectionTime();
        }
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
