package dev.resound.hostile;

import dev.resound.test.ResoundProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Asks {@code /livez} a few times a second, as Kubernetes does, and notes each failure. */
final class Probe implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(200);
    /** Kubernetes gives up after 1 second by default, and ends a process after three failures in a row. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final HttpRequest request;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile int failuresInARow;
    private volatile int mostFailuresInARow;
    private volatile boolean done;

    private Probe(ResoundProcess resound) {
        request = HttpRequest.newBuilder(resound.management("/livez"))
                .timeout(PATIENCE)
                .build();
        thread = Thread.ofPlatform().daemon().name("probe").start(this::run);
    }

    static Probe of(ResoundProcess resound) {
        return new Probe(resound);
    }

    private void run() {
        try {
            while (!done) {
                ask();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws InterruptedException {
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status == 200) {
                failuresInARow = 0;
            } else {
                fail("status " + status);
            }
        } catch (IOException e) {
            fail(e.toString());
        }
    }

    private void fail(String why) {
        failures.add(why);
        int inARow = failuresInARow + 1;
        failuresInARow = inARow;
        mostFailuresInARow = Math.max(mostFailuresInARow, inARow);
    }

    int mostFailuresInARow() {
        return mostFailuresInARow;
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public void close() {
        done = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        http.close();
    }
}
