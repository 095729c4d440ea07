package dev.resound.test;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;

/** Many clients at a time, one virtual thread each. */
public final class Crowd {

    private Crowd() {}

    /** What each of so many does, all at the same time; ends when the last one has ended. */
    public static <T> List<T> each(int clients, IntFunction<T> deed) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                futures.add(threads.submit(() -> deed.apply(number)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same, but only some at a time. */
    public static <T> List<T> some(int atATime, int clients, IntFunction<T> deed) {
        var turns = new Semaphore(atATime);
        return each(clients, number -> {
            turns.acquireUninterruptibly();
            try {
                return deed.apply(number);
            } finally {
                turns.release();
            }
        });
    }

    /**
     * Sends the same bytes again and again, and reads nothing, until it is cut off.
     *
     * @return how many bytes got out
     */
    public static long sendUntilCut(WireClient client, byte[] bytes, long most) {
        long sent = 0;
        try {
            for (; sent < most; sent += bytes.length) {
                client.send(bytes);
            }
        } catch (UncheckedIOException cut) {
            // As it was to be.
        }
        client.close();
        return sent;
    }
}
