package dev.resound.test;

import static dev.resound.test.WireFrame.CLOSE;
import static dev.resound.test.WireFrame.PING;
import static dev.resound.test.WireFrame.PONG;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.text;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Clients that open WebSockets all the time. Long-lived ones keep a connection until the server closes it, and then connect again;
 * short-lived ones send one message and close. The result of each handshake and the end of each connection is counted.
 */
public final class ClientLoad implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Supplier<WireClient> connect;
    private final Map<String, Integer> handshakes = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> ends = new ConcurrentSkipListMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean done;

    /**
     * Starts the clients.
     *
     * @param connect opens a connection on which nothing was sent yet. The server must ping often: a long-lived client notices
     *     {@link #close} only when a ping arrives
     */
    public ClientLoad(Supplier<WireClient> connect, int longLived, int shortLived) {
        this.connect = connect;
        for (int i = 0; i < longLived + shortLived; i++) {
            boolean stays = i < longLived;
            threads.add(Thread.ofPlatform().daemon().start(() -> run(stays)));
        }
    }

    private void run(boolean stays) {
        while (!done) {
            open(stays);
            Waiting.pause(PAUSE);
        }
    }

    private void open(boolean stays) {
        boolean open = false;
        try (WireClient client = connect.get()) {
            String status = client.requestUpgrade().readHead().split(" ", 3)[1];
            count(handshakes, status);
            open = status.equals("101");
            if (open) {
                count(ends, stays ? stay(client) : leave(client.send(text("hi"))));
            }
        } catch (UncheckedIOException | AssertionError failure) {
            count(open ? ends : handshakes, failure.toString());
        }
    }

    private String stay(WireClient client) {
        while (!done) {
            WireFrame next = client.read();
            if (next.opcode() == CLOSE) {
                client.send(WireFrame.close(next.closeCode()));
                return end(next);
            }
            if (next.opcode() == PING) {
                client.send(frame(PONG, next.payload()));
            }
        }
        return leave(client);
    }

    /** The Close frames of both sides may cross; the one from the server counts. */
    private static String leave(WireClient client) {
        client.send(WireFrame.close(1000));
        WireFrame next = client.read();
        while (next.opcode() != CLOSE) {
            next = client.read();
        }
        return end(next);
    }

    private static String end(WireFrame close) {
        return (close.closeCode() + " " + close.closeReason()).strip();
    }

    private static void count(Map<String, Integer> counts, String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /** How many handshakes had each result: the status, or the exception where there was no response. */
    public Map<String, Integer> handshakes() {
        return handshakes;
    }

    /** How many connections ended in each way: the server's close code and reason, or the exception where there was none. */
    public Map<String, Integer> ends() {
        return ends;
    }

    /** Closes all connections and waits for the clients to finish. */
    @Override
    public void close() throws InterruptedException {
        done = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
