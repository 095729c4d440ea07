package dev.resound;

import static dev.resound.test.Waiting.pause;
import static dev.resound.test.WireFrame.PING;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Bystander;
import dev.resound.test.Crowd;
import dev.resound.test.MetricsPage;
import dev.resound.test.ResoundProcess;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that try to use up what the service has: 64 MiB of heap and 64 MiB outside of it, at the end of which it dies. After
 * each of them it lives, has logged no fault, counts no connection that is not there, and an ordinary client has noticed nothing.
 */
@Timeout(120)
class BoundsIT {

    private static final int FILES = 4096;
    private static final int SMALL_BUFFER = 8 * 1024;
    private static final long MIB = 1 << 20;
    /** Both memories, and what the virtual machine has for itself: code, classes, threads, the collector. */
    private static final long MOST_MEMORY = 400 * MIB;

    private static void withstands(
            Map<String, String> settings, int files, Consumer<ResoundProcess> attack, String... tolerated) {
        try (var resound = ResoundProcess.small(files, settings)) {
            var bystander = Bystander.of(resound);
            attack.accept(resound);
            assertThat(resound.isAlive()).as(resound.output()).isTrue();
            bystander.leaveUnharmed();
            assertUnharmed(resound, List.of(tolerated));
        }
    }

    private static void assertUnharmed(ResoundProcess resound, List<String> tolerated) {
        MetricsPage.await(
                resound,
                page -> page.sum("websocket_connections") == 0
                        && page.sum("websocket_connections_closed_total")
                                == page.value("websocket_handshakes_total{outcome=\"accepted\"}"));
        WireClient.open(resound.port())
                .send(text("after"))
                .expect(text("after"))
                .close();
        assertThat(resound.peakMemory()).isLessThan(MOST_MEMORY);
        assertThat(resound.output().lines().filter(line -> tolerated.stream().noneMatch(line::contains)))
                .noneMatch(line -> line.contains("ERROR")
                        || line.contains("WARN")
                        || line.contains("LEAK")
                        || line.contains("Exception")
                        || line.contains("OutOfMemory"));
    }

    private static double closed(MetricsPage page, String cause) {
        return page.value("websocket_connections_closed_total{cause=\"" + cause + "\"}");
    }

    // Clients that do not read.

    /** Fails without the pause in {@code Connection.onPing}: the pongs pile up. */
    @Test
    void a_flood_of_pings_from_clients_that_never_read() {
        withstands(impatient(), FILES, resound -> flood(resound, frame(PING, new byte[125])));
    }

    /** Fails without the pause in {@code Connection.echo}: the echoes pile up. */
    @Test
    void stalled_readers_that_want_gigabytes() {
        withstands(impatient(), FILES, resound -> flood(resound, binary(new byte[64_000])));
    }

    private static Map<String, String> impatient() {
        return Map.of("RESOUND_WEBSOCKET_KEEP_ALIVE_INTERVAL", "1s", "RESOUND_TELEMETRY_INTERVAL", "100ms");
    }

    private static void flood(ResoundProcess resound, WireFrame frame) {
        int clients = 20;
        byte[] frames = repeated(frame.bytes(), 1 + 64_000 / frame.bytes().length);
        List<Long> sent = Crowd.each(clients, i -> {
            try (var client = WireClient.openWithReceiveBuffer(resound.port(), SMALL_BUFFER)) {
                return Crowd.sendUntilCut(client, frames, 500 * MIB);
            }
        });
        assertThat(sent).as("what kernels hold, and no more").allMatch(bytes -> bytes < 50 * MIB);
        MetricsPage.await(resound, page -> closed(page, "slow-consumer") == clients);
    }

    /**
     * Fails where each connection has what it wants: one read and one write of each would be more than all direct memory. Fails too without
     * the cut of clients that do not read while memory is short.
     */
    @Test
    void as_many_clients_as_there_may_be_that_never_read() {
        byte[] frames = repeated(binary(new byte[30_000]).bytes(), 10);
        withstands(Map.of(), FILES, resound -> {
            int limit = (int) MetricsPage.of(resound).value("websocket_connections_limit");
            List<WireClient> silent =
                    Crowd.some(20, limit - 10, i -> WireClient.openWithReceiveBuffer(resound.port(), SMALL_BUFFER));
            Crowd.some(20, silent.size(), i -> sendWhatFits(silent.get(i), frames));
            assertThat(MetricsPage.of(resound).text()).isNotEmpty();
            silent.forEach(WireClient::reset);
        });
    }

    /** As far as the kernels and the service take it. */
    private static WireClient sendWhatFits(WireClient client, byte[] bytes) {
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                client.send(bytes);
            } catch (UncheckedIOException cut) {
                // As the service may do.
            }
        });
        try {
            sender.join(Duration.ofMillis(200));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return client;
    }

    /** Fails without the end that {@code Http1Gate} puts to it: the answers pile up. */
    @Test
    void clients_that_ask_for_the_page_again_and_again_and_never_read() {
        byte[] requests = repeated("GET /style.css HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII), 500);
        withstands(Map.of("RESOUND_WEBSOCKET_HANDSHAKE_TIMEOUT", "2s"), FILES, resound -> {
            List<Long> sent = Crowd.each(20, i -> {
                try (var client = WireClient.tcp(resound.port())) {
                    return Crowd.sendUntilCut(client, requests, 500 * MIB);
                }
            });
            assertThat(sent).allMatch(bytes -> bytes < 50 * MIB);
        });
    }

    // Clients that do not become WebSockets.

    /** Fails without {@code Http1Gate}: all of them stay. */
    @Test
    void handshakes_that_never_come_or_drip() {
        withstands(
                Map.of("RESOUND_WEBSOCKET_HANDSHAKE_TIMEOUT", "2s"),
                FILES,
                resound -> Crowd.each(200, i -> {
                    try (var client = WireClient.tcp(resound.port())) {
                        long start = System.nanoTime();
                        if (i % 2 == 0) {
                            drip(client);
                        }
                        readToEnd(client);
                        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
                        return client;
                    }
                }));
    }

    /** A byte at a time, until it is cut off. */
    private static void drip(WireClient client) {
        try {
            for (byte octet : WireClient.request().repeat(10).getBytes(US_ASCII)) {
                client.send(new byte[] {octet});
                pause(Duration.ofMillis(100));
            }
        } catch (UncheckedIOException cut) {
            // As it was to be.
        }
    }

    /**
     * Fails without {@code PendingConnections}: there is no file left for others, nor for the probes. With it, io_uring may still use up
     * the files for a moment, as it accepts in the kernel, and Netty says so each time; the rest waits in the backlog meanwhile.
     */
    @Test
    void more_silent_connections_than_the_process_may_have_files() {
        withstands(
                Map.of("RESOUND_WEBSOCKET_HANDSHAKE_TIMEOUT", "1h"),
                400,
                resound -> {
                    List<WireClient> silent = Crowd.some(10, 1000, i -> WireClient.tcp(resound.port()));
                    WireClient.open(resound.port())
                            .send(text("hi"))
                            .expect(text("hi"))
                            .close();
                    assertThat(MetricsPage.of(resound).text()).isNotEmpty();
                    silent.forEach(WireClient::close);
                },
                "cannot accept connections");
    }

    /** Fails without the limits of HTTP's decoder, which are Vert.x's defaults. */
    @Test
    void floods_of_headers_without_an_end() {
        byte[] headers = repeated("X-Header: some value or other\r\n".getBytes(US_ASCII), 1000);
        withstands(
                Map.of("RESOUND_WEBSOCKET_HANDSHAKE_TIMEOUT", "2s"),
                FILES,
                resound -> Crowd.each(50, i -> {
                    try (var client = WireClient.tcp(resound.port())) {
                        client.send("GET /ws HTTP/1.1\r\nHost: a\r\n");
                        assertThat(Crowd.sendUntilCut(client, headers, 500 * MIB))
                                .isLessThan(50 * MIB);
                        return client;
                    }
                }));
    }

    /** Fails without {@code Http1Gate}: a body has no other limit. */
    @Test
    void bodies_without_an_end() {
        byte[] chunk = ("8000\r\n" + "x".repeat(0x8000) + "\r\n").getBytes(US_ASCII);
        withstands(
                Map.of("RESOUND_WEBSOCKET_HANDSHAKE_TIMEOUT", "2s"),
                FILES,
                resound -> Crowd.each(10, i -> {
                    try (var client = WireClient.tcp(resound.port())) {
                        String path = i % 2 == 0 ? "/ws" : "/";
                        client.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                        assertThat(Crowd.sendUntilCut(client, chunk, 1L << 40)).isLessThan(1L << 40);
                        return client;
                    }
                }));
    }

    /** Fails where a place is not given back: the limit is far below their number. */
    @Test
    void ten_thousand_that_connect_and_reset() {
        String start = WireClient.request();
        withstands(
                Map.of("RESOUND_WEBSOCKET_MAX_CONNECTIONS", "2000"),
                FILES,
                resound -> Crowd.some(50, 10_000, i -> {
                    WireClient client = WireClient.tcp(resound.port());
                    switch (i % 5) {
                        case 0 -> client.send(start.substring(0, i / 5 % start.length()));
                        case 1 -> client.send(start);
                        case 2 -> client.handshake();
                        case 3 -> client.handshake().send(binary(new byte[2000]), binary(new byte[2000]));
                        default -> {}
                    }
                    client.reset();
                    return client;
                }));
    }

    // Limits.

    /** Fails without {@code ConnectionLimits}, or where it loses count. */
    @Test
    void there_are_no_more_connections_than_the_limits_in_all_and_by_address_say() {
        Map<String, String> settings = Map.of(
                "RESOUND_WEBSOCKET_MAX_CONNECTIONS", "21", "RESOUND_WEBSOCKET_MAX_CONNECTIONS_PER_ADDRESS", "10");
        withstands(settings, FILES, resound -> {
            for (int round = 0; round < 3; round++) {
                // The bystander has a place of 127.0.0.1.
                List<WireClient> open = new ArrayList<>(fill(resound, "127.0.0.1", 9));
                open.addAll(fill(resound, "127.0.0.2", 10));
                open.addAll(fill(resound, "127.0.0.3", 1));
                open.forEach(client -> client.send(text("hi")).expect(text("hi")));
                open.forEach(WireClient::close);
                int left = 20 * (round + 1);
                MetricsPage.await(resound, page -> page.sum("websocket_connections_closed_total") == left);
            }
            MetricsPage.await(resound, page -> page.value("websocket_handshakes_total{outcome=\"capacity\"}") == 9);
        });
    }

    /** Opens so many, after which the next one is refused. */
    private static List<WireClient> fill(ResoundProcess resound, String address, int places) {
        List<WireClient> open = Crowd.some(
                10, places, i -> WireClient.tcpFrom(address, resound.port()).handshake());
        try (var refused = WireClient.tcpFrom(address, resound.port())) {
            refused.send(WireClient.request()).expectStatus(503);
            assertThat(refused.head()).containsIgnoringCase("retry-after: ");
        }
        return open;
    }

    /** Fails where the limit that is derived takes no account of the heap. */
    @Test
    void as_many_as_a_small_heap_bears_and_the_next_is_refused() {
        withstands(Map.of(), 20_000, BoundsIT::fillUp);
    }

    /** Fails where the limit that is derived takes no account of the limit of open files: nothing is answered any more. */
    @Test
    void as_many_as_the_limit_of_open_files_bears_and_the_next_is_refused() {
        withstands(Map.of(), 400, BoundsIT::fillUp);
    }

    private static void fillUp(ResoundProcess resound) {
        int limit = (int) MetricsPage.of(resound).value("websocket_connections_limit");
        List<WireClient> open = fill(resound, "127.0.0.1", limit - 1);
        byte[] payload = new byte[4000];
        Crowd.some(50, open.size(), i -> open.get(i).send(binary(payload)).expect(binary(payload)));
        MetricsPage.await(resound, page -> page.sum("websocket_connections") >= limit - 1);
        for (WireClient client : open) {
            client.close();
        }
        MetricsPage.await(resound, page -> page.sum("websocket_connections_closed_total") == limit - 1);
        List<WireClient> again = fill(resound, "127.0.0.1", limit - 1);
        again.forEach(WireClient::close);
    }

    // Bits and pieces.

    private static byte[] repeated(byte[] bytes, int times) {
        byte[] all = new byte[bytes.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(bytes, 0, all, i * bytes.length, bytes.length);
        }
        return all;
    }

    private static void readToEnd(WireClient client) {
        try {
            client.in().readAllBytes();
        } catch (IOException reset) {
            // An end as well.
        }
    }
}
