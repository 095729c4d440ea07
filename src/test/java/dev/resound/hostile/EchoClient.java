package dev.resound.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A well-behaved client, from another address than the attackers: it sends text and binary messages, waits for each echo, leaves with a
 * closing handshake now and then, and connects anew.
 */
final class EchoClient implements AutoCloseable {

    private static final String ADDRESS = "127.0.0.2";
    private static final int MESSAGES_PER_CONNECTION = 40;
    private static final int LARGEST_MESSAGE = 2000;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Delays longer than this are told one by one. */
    private static final Duration LATE = Duration.ofSeconds(1);

    private final int port;
    private final Optional<SSLContext> tls;
    private final boolean http2;
    private final Random random;
    private final List<String> late = new ArrayList<>();
    private final long start = System.nanoTime();
    private final Thread thread;
    private volatile boolean done;
    private volatile @Nullable Throwable fault;
    private long echoes;
    private long closings;
    private Duration worst = Duration.ZERO;

    private EchoClient(int number, int port, Optional<SSLContext> tls) {
        this.port = port;
        this.tls = tls;
        this.http2 = number % 2 == 1;
        this.random = new Random(number);
        // A thread of the system, as attackers may keep the virtual ones' carriers busy.
        this.thread = Thread.ofPlatform().daemon().name("echo-client-" + number).start(this::live);
    }

    /** So many of them, which begin at once. Half of them use HTTP/2. */
    static List<EchoClient> start(int clients, int port, Optional<SSLContext> tls) {
        List<EchoClient> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            all.add(new EchoClient(i, port, tls));
        }
        return all;
    }

    private void live() {
        try {
            while (!done) {
                try (WireClient client = connect()) {
                    for (int i = 0; i < MESSAGES_PER_CONNECTION && !done; i++) {
                        echo(client, i);
                        Thread.sleep(PAUSE);
                    }
                    closings++; // Before it is begun, as the server counts it as soon as it has come.
                    client.send(WireFrame.close(1000));
                    next(client, WireFrame.close(1000));
                    client.expectEnd();
                }
            }
        } catch (Exception | AssertionError e) {
            fault = e;
        }
    }

    private WireClient connect() {
        WireClient tcp = WireClient.tcpFrom(ADDRESS, port);
        WireClient client = http2
                ? tls.map(tcp::startHttp2).orElseGet(tcp::startHttp2)
                : tls.map(context -> tcp.startTls(context)).orElse(tcp);
        return client.handshake();
    }

    private void echo(WireClient client, int number) {
        byte[] bytes = new byte[random.nextInt(LARGEST_MESSAGE)];
        random.nextBytes(bytes);
        WireFrame message =
                number % 2 == 0 ? WireFrame.binary(bytes) : WireFrame.text("\u00e9cho ".repeat(bytes.length / 6));
        long sent = System.nanoTime();
        client.send(message);
        next(client, message);
        Duration delay = Duration.ofNanos(System.nanoTime() - sent);
        echoes++;
        worst = delay.compareTo(worst) > 0 ? delay : worst;
        if (delay.compareTo(LATE) > 0) {
            late.add("%d ms at second %.1f over HTTP/%s"
                    .formatted(delay.toMillis(), (System.nanoTime() - start) / 1e9, http2 ? "2" : "1.1"));
        }
    }

    private static void next(WireClient client, WireFrame expected) {
        WireFrame frame = client.read();
        for (; frame.opcode() == WireFrame.PING; frame = client.read()) {
            client.send(WireFrame.frame(WireFrame.PONG, frame.payload()));
        }
        assertThat(frame).isEqualTo(expected);
    }

    /** The longest time from a message to its echo; to be asked after the end. */
    Duration worst() {
        return worst;
    }

    /** Messages that came back; to be asked after the end. */
    long echoes() {
        return echoes;
    }

    /** Closing handshakes; to be asked after the end. */
    long closings() {
        return closings;
    }

    /** When echoes were late; to be asked after the end. */
    List<String> late() {
        return late;
    }

    /** What went wrong; null where nothing did. */
    @Nullable
    Throwable fault() {
        return fault;
    }

    /** Leaves. */
    @Override
    public void close() {
        done = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
