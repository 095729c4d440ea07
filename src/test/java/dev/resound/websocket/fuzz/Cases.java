package dev.resound.websocket.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * The cases of a fuzzer, each with its own seed. {@code -Dresound.fuzz.cases} sets their number and
 * {@code -Dresound.fuzz.seed} the seed of the first one. So every run is the same, and a single case can be replayed.
 */
final class Cases {

    private static final int COUNT = Integer.getInteger("resound.fuzz.cases", 6000);
    private static final long SEED = Long.getLong("resound.fuzz.seed", 6455);
    private static final int AT_ONCE = 24;

    private Cases() {}

    /** The number of cases if each case opens a connection. */
    static int count() {
        return COUNT;
    }

    /** The seed of a case. */
    static long seed(int index) {
        return SEED + index;
    }

    /** Plays one case. If it fails, the message describes how to replay it. */
    static <T> T play(long seed, Function<SplittableRandom, T> game) {
        try {
            return game.apply(new SplittableRandom(seed));
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "play again with -Dresound.fuzz.seed=%d -Dresound.fuzz.cases=1: %s".formatted(seed, failure),
                    failure);
        }
    }

    /** Plays these cases concurrently. Returns the results in order. */
    static <T> List<T> playAll(int from, int to, Function<SplittableRandom, T> game) {
        try (var threads = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofVirtual().name("fuzz").factory())) {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = from; i < to; i++) {
                long seed = seed(i);
                calls.add(() -> play(seed, game));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> played : threads.invokeAll(calls)) {
                results.add(played.get());
            }
            return results;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }

    /** Runs an action without a log line for each connection that opens and closes. */
    static void quietly(Runnable action) {
        var log = (Logger) LoggerFactory.getLogger("dev.resound.connection");
        log.setLevel(Level.WARN);
        try {
            action.run();
        } finally {
            log.setLevel(null);
        }
    }
}
