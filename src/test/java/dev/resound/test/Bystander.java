package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An ordinary client, which goes on while others misbehave, and measures what they do to it. */
public final class Bystander implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final WireClient client;
    private final List<Duration> roundTrips = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean done;
    private volatile @Nullable Throwable fault;

    private Bystander(WireClient client) {
        this.client = client;
        // A thread of the system, as the clients that misbehave may keep the virtual ones' carriers busy.
        thread = Thread.ofPlatform().daemon().start(this::talk);
    }

    public static Bystander of(ResoundProcess resound) {
        return of(WireClient.open(resound.port()));
    }

    /** One that uses an open WebSocket. */
    public static Bystander of(WireClient client) {
        return new Bystander(client);
    }

    private void talk() {
        try {
            for (int i = 0; !done; i++) {
                WireFrame message = WireFrame.text("message " + i);
                long start = System.nanoTime();
                client.send(message);
                WireFrame echo = client.read();
                for (; echo.opcode() == WireFrame.PING; echo = client.read()) {
                    client.send(WireFrame.frame(WireFrame.PONG, echo.payload()));
                }
                assertThat(echo).isEqualTo(message);
                roundTrips.add(Duration.ofNanos(System.nanoTime() - start));
                Thread.sleep(PAUSE);
            }
        } catch (Exception | AssertionError e) {
            fault = e;
        }
    }

    /** It leaves, and was not harmed: it lost nothing, and waited for no answer longer than people would. */
    public void leaveUnharmed() {
        close();
        assertThat(fault).isNull();
        assertThat(roundTrips).isNotEmpty();
        List<Duration> sorted = roundTrips.stream().sorted().toList();
        assertThat(sorted.get(sorted.size() / 2)).as("the median").isLessThan(Duration.ofMillis(500));
        assertThat(Collections.max(sorted)).as("the worst").isLessThan(Duration.ofSeconds(5));
    }

    @Override
    public void close() {
        done = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        client.close();
    }
}
