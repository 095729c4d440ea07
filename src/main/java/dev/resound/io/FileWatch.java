package dev.resound.io;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files periodically and passes on their content once it is settled: once two reads in a row return the same. It compares content
 * instead of dates, so it also notices a Kubernetes ConfigMap or Secret, which swaps a link, and an editor that replaces the file.
 *
 * @param <T> the content; its {@code equals} decides what a change is
 */
public final class FileWatch<T> {

    /**
     * How often to read.
     *
     * @param period time between two reads
     * @param settling time until the next read after a change; files may be half written, or only some of them written
     */
    public record Pace(Duration period, Duration settling) {

        public static final Pace DEFAULT = new Pace(Duration.ofSeconds(2), Duration.ofMillis(200));
    }

    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    private final Vertx vertx;
    private final String what;
    private final Supplier<Future<T>> reader;
    private final Function<T, Future<?>> onSettled;
    private final Pace pace;

    private @Nullable T seen;
    private String failure = "";
    private volatile boolean closed;

    private FileWatch(
            Vertx vertx, String what, Supplier<Future<T>> reader, Function<T, Future<?>> onSettled, Pace pace) {
        this.vertx = vertx;
        this.what = what;
        this.reader = reader;
        this.onSettled = onSettled;
        this.pace = pace;
    }

    /**
     * Starts to watch, on the caller's context and at most until that ends. A failure of {@code reader} or {@code onSettled} is logged
     * once, and the watch goes on.
     *
     * @param what names the files in the log
     * @param reader reads the files
     * @param onSettled gets the content after each read that found it settled, changed or not; the next read waits for its future
     */
    public static <T> FileWatch<T> start(
            Vertx vertx, String what, Supplier<Future<T>> reader, Function<T, Future<?>> onSettled, Pace pace) {
        var watch = new FileWatch<>(vertx, what, reader, onSettled, pace);
        watch.readAfter(pace.period());
        return watch;
    }

    /** Stops to watch. Thread-safe. */
    public void close() {
        closed = true;
    }

    private void readAfter(Duration delay) {
        vertx.setTimer(delay.toMillis(), due -> {
            if (!closed) {
                Future.succeededFuture()
                        .compose(go -> reader.get())
                        .compose(this::compare)
                        .onComplete(next -> {
                            if (next.failed()) {
                                report(next.cause());
                            }
                            readAfter(next.succeeded() ? next.result() : pace.period());
                        });
            }
        });
    }

    /** Completes with the time until the next read. */
    private Future<Duration> compare(T content) {
        boolean settled = content.equals(seen);
        seen = content;
        return settled && !closed
                ? onSettled.apply(content).map(pace.period())
                : Future.succeededFuture(pace.settling());
    }

    private void report(Throwable problem) {
        if (!problem.toString().equals(failure)) {
            failure = problem.toString();
            log.error("cannot check {}; retrying", what, problem);
        }
    }
}
