package dev.resound.websocket;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.Waiting.pause;
import static dev.resound.test.WireFrame.BINARY;
import static dev.resound.test.WireFrame.PING;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send and do not read, or read slowly: memory stays bounded, and stalled clients are disconnected. */
@OnEveryTransport
@Timeout(120)
record SlowReaderTest(TestTransport transport) {

    private static final long X = 500;
    /** A sender that has sent nothing for this long is stalled. */
    private static final Duration QUIET = Duration.ofMillis(200);
    /** Makes 100 KB/s of frames of 4 KB. */
    private static final Duration PAUSE_OF_THE_READER = Duration.ofMillis(40);

    private static final int SMALL_BUFFER = 8 * 1024;

    @Test
    void a_stalled_reader_ends_as_a_slow_consumer_after_2x() {
        try (var server = server();
                WireClient client = server.openWithReceiveBuffer(SMALL_BUFFER);
                var sender = new Sender(client, binary(new byte[4000]).bytes())) {
            sender.awaitStall(server);
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.SLOW_CONSUMER);
            assertThat(end.code()).isEqualTo(1006);
            assertThat(end.duration().toMillis()).isGreaterThanOrEqualTo(2 * X);
            await("the place was given back").until(() -> server.limits.open() == 0);
        }
    }

    @Test
    void other_clients_are_served_while_one_is_stalled() {
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "0s");
                WireClient stalled = server.openWithReceiveBuffer(SMALL_BUFFER);
                var sender = new Sender(stalled, binary(new byte[4000]).bytes());
                WireClient other = server.open()) {
            sender.awaitStall(server);
            other.send(text("hi")).expect(text("hi"));
        }
    }

    @Test
    void the_server_stops_reading_a_ping_flood_from_a_client_that_does_not_read() {
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "0s");
                WireClient client = server.openWithReceiveBuffer(SMALL_BUFFER)) {
            byte[] pings = repeated(frame(PING, new byte[0]).bytes(), 10_000);
            try (var sender = new Sender(client, pings)) {
                sender.awaitStall(server);
                assertThat(server.observer.hasEnd()).isFalse();
            }
        }
    }

    @Test
    void a_slow_reader_that_makes_progress_stays_and_gets_every_byte() throws IOException {
        try (var server = server();
                WireClient client = server.openWithReceiveBuffer(SMALL_BUFFER)) {
            byte[] some = repeated(binary(new byte[4000]).bytes(), 50); // The echo of one read is one buffer.
            try (var sender = new Sender(client, some)) {
                sender.awaitStall(server);
                long until = System.nanoTime() + 4 * X * 1_000_000;
                byte[] chunk = new byte[4004];
                while (System.nanoTime() < until) {
                    assertThat(client.in().readNBytes(chunk, 0, chunk.length)).isEqualTo(chunk.length);
                    pause(PAUSE_OF_THE_READER);
                    assertThat(server.observer.hasEnd()).isFalse();
                }
            }
        }
    }

    @Test
    void a_slow_reader_loses_nothing() {
        int messages = 1500;
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "0s");
                WireClient client = server.openWithReceiveBuffer(SMALL_BUFFER)) {
            Thread writer = Thread.startVirtualThread(() -> {
                for (int i = 0; i < messages; i++) {
                    client.send(binary(message(i)));
                }
            });
            for (int i = 0; i < messages; i++) {
                if (i == 0) {
                    await("reading is paused").until(() -> server.observer.pauses.get() > 0);
                }
                assertThat(client.readMessage(BINARY)).isEqualTo(message(i));
            }
            assertThat(writer.isAlive() && server.observer.hasEnd()).isFalse();
            assertThat(server.observer.pauses).hasPositiveValue();
        }
    }

    private static byte[] message(int i) {
        byte[] message = new byte[1 + i % 5000];
        Arrays.fill(message, (byte) i);
        return message;
    }

    private ObservedServer server() {
        return ObservedServer.start(transport, "keep-alive-interval", X + "ms");
    }

    static byte[] repeated(byte[] bytes, int times) {
        byte[] all = new byte[bytes.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }

    /** Sends the same bytes repeatedly until the connection is closed. */
    private static final class Sender implements AutoCloseable {
        private final AtomicLong sent = new AtomicLong();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final WireClient client;

        Sender(WireClient client, byte[] bytes) {
            this.client = client;
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    while (!stop.get()) {
                        client.send(bytes);
                        sent.incrementAndGet();
                    }
                } catch (UncheckedIOException ended) {
                    // Expected.
                }
            });
        }

        /** Waits until the server reads no more. */
        void awaitStall(ObservedServer server) {
            var before = new AtomicLong(-1);
            await("the server reads no more").during(QUIET).until(() -> {
                long now = sent.get();
                return before.getAndSet(now) == now && server.observer.pauses.get() > 0;
            });
        }

        @Override
        public void close() {
            stop.set(true);
            client.cut(); // An orderly close of TLS would wait for the writer.
        }
    }
}
