package dev.resound.websocket;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.Waiting.pause;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import dev.resound.test.Crowd;
import dev.resound.test.FeedClient;
import dev.resound.test.LivePeer;
import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.RunningResound;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.websocket.protocol.CloseCause;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Regressions found by attacks from outside, which all other tests had missed. */
@OnEveryTransport
@Timeout(60)
record ConnectionFaultsTest(TestTransport transport) {

    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final String NO_CONTEXT = DEFLATE + "; server_no_context_takeover; client_no_context_takeover";
    private static final int RSV1 = 4;
    private static final int TINY_BUFFER = 4096;
    private static final int MESSAGE = 1000;

    // Input is processed in order: everything before the end of the input is echoed before the connection ends.

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void a_client_that_reads_late_receives_every_echo_and_the_close(boolean sendsClose, boolean endsOutput) {
        try (var server = ObservedServer.start(transport)) {
            int[] kilobytes = {50, 100, 150, 200, 300, 400};
            List<String> missing = Crowd.each(
                            kilobytes.length,
                            i -> missing(server, kilobytes[i] * 1000 / MESSAGE, sendsClose, endsOutput))
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();
            assertThat(missing).isEmpty();
        }
    }

    /** Describes what a late reader did not receive; empty if it received everything. */
    private static Optional<String> missing(
            ObservedServer server, int messages, boolean sendsClose, boolean endsOutput) {
        var bytes = new ByteArrayOutputStream();
        var random = new Random(messages);
        byte[][] payloads = new byte[messages][MESSAGE];
        for (byte[] payload : payloads) {
            random.nextBytes(payload);
            bytes.writeBytes(binary(payload).bytes());
        }
        if (sendsClose) {
            bytes.writeBytes(close(1000).bytes());
        }
        try (WireClient client = server.openWithReceiveBuffer(TINY_BUFFER)) {
            Thread.ofPlatform().daemon().start(() -> {
                client.sendInVain(bytes.toByteArray());
                if (endsOutput) {
                    client.shutdownOutput();
                }
            });
            pause(Duration.ofMillis(400));
            int read = 0;
            try {
                for (; read < messages; read++) {
                    assertThat(client.read()).isEqualTo(binary(payloads[read]));
                }
                if (sendsClose) {
                    client.expect(close(1000));
                }
                if (sendsClose || endsOutput) {
                    client.expectEnd();
                }
                return Optional.empty();
            } catch (RuntimeException | AssertionError e) {
                return Optional.of("%d of %d echoes, then %s".formatted(read, messages, e));
            } finally {
                client.cut();
            }
        }
    }

    // A stall of the service is not charged to its clients.

    @Test
    void a_stall_of_the_event_loop_disconnects_no_client() {
        Duration x = Duration.ofMillis(300);
        try (var server = ObservedServer.start(transport, "keep-alive-interval", x.toMillis() + "ms")) {
            List<LivePeer> peers = Stream.concat(
                            IntStream.range(0, 3).mapToObj(i -> LivePeer.talking(server.open(), x.dividedBy(4))),
                            IntStream.range(0, 3).mapToObj(i -> LivePeer.quiet(server.open())))
                    .toList();
            try {
                await("keep-alive runs").until(() -> server.observer.pongsReceived.get() >= 6);
                var stalled = new CompletableFuture<Boolean>();
                server.onEventLoop(() -> {
                    pause(x.multipliedBy(3));
                    stalled.complete(true);
                });
                stalled.join();
                pause(x.multipliedBy(3)); // A client that is charged with the stall has ended by then.
                assertThat(peers).extracting(LivePeer::end).containsOnly(Optional.empty());
                assertThat(server.observer.hasEnd()).isFalse();
            } finally {
                peers.forEach(LivePeer::close);
            }
        }
    }

    // A connection occupies its event loop for a bounded amount of work only.

    private static final Duration BEARABLE = Duration.ofMillis(100);

    @Test
    void a_message_that_inflates_to_16_mib_does_not_delay_the_echoes_of_others() {
        byte[] message = binary(deflated(new byte[16 << 20])).reserved(RSV1).bytes();
        assertThat(message.length).isLessThan(20_000);
        expectOthersServed(DEFLATE, message, 1);
    }

    @Test
    void many_small_messages_without_context_takeover_do_not_delay_the_echoes_of_others() {
        byte[] message =
                text(deflated("Hello".getBytes(US_ASCII))).reserved(RSV1).bytes();
        int messages = 20_000;
        expectOthersServed(NO_CONTEXT, SlowReaderTest.repeated(message, messages), messages);
    }

    private void expectOthersServed(String extension, byte[] burst, int messages) {
        try (var server = ObservedServer.start(transport, "compression", "true", "keep-alive-interval", "0s");
                WireClient greedy = server.open(extension);
                WireClient other = server.open()) {
            assertThat(greedy.head()).containsIgnoringCase(extension.substring(0, DEFLATE.length()));
            List<Duration> calm = IntStream.range(0, 20)
                    .mapToObj(i -> roundTrip(other))
                    .sorted()
                    .toList();
            List<Duration> disturbed = new ArrayList<>();
            for (int round = 0; round < 2; round++) {
                long before = server.observer.sent.get();
                Thread reader = Thread.ofPlatform().daemon().start(() -> {
                    for (int i = 0; i < messages; i++) {
                        readMessage(greedy);
                    }
                });
                Thread writer = Thread.ofPlatform().daemon().start(() -> greedy.sendInVain(burst));
                Duration worst = Duration.ZERO;
                while (server.observer.sent.get() - before < messages || reader.isAlive()) {
                    Duration roundTrip = roundTrip(other);
                    before++;
                    worst = roundTrip.compareTo(worst) > 0 ? roundTrip : worst;
                }
                disturbed.add(worst);
                assertThat(writer.isAlive()).isFalse();
            }
            // Takes the better of two rounds, because the machine may be busy; a slow server is slow in both.
            assertThat(disturbed.stream().min(Duration::compareTo).orElseThrow())
                    .as("calm: %s, rounds: %s", calm.getLast(), disturbed)
                    .isLessThan(calm.get(calm.size() / 2).plus(BEARABLE));
        }
    }

    private static void readMessage(WireClient client) {
        while (!client.read().fin()) {
            // Reads up to the last frame of the message.
        }
    }

    private static Duration roundTrip(WireClient client) {
        long start = System.nanoTime();
        client.send(text("hi")).expect(text("hi"));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static byte[] deflated(byte[] payload) {
        try (var deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(payload);
            var out = new ByteArrayOutputStream();
            byte[] buffer = new byte[64 * 1024];
            for (int octets = -1; octets != 0; ) {
                octets = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                out.write(buffer, 0, octets);
            }
            byte[] all = out.toByteArray();
            return Arrays.copyOf(all, all.length - 4);
        }
    }

    // A reset is reported on every transport.

    @Test
    void every_reset_in_the_middle_of_a_frame_is_reported_as_network_within_2_s() {
        int clients = 64;
        try (var server = ObservedServer.start(transport)) {
            byte[] header = {(byte) 0x81};
            byte[] part = Arrays.copyOf(binary(new byte[100_000]).bytes(), 300);
            List<WireClient> open =
                    IntStream.range(0, clients).mapToObj(i -> server.open()).toList();
            for (int i = 0; i < clients; i++) {
                open.get(i).send(i % 2 == 0 ? header : part).reset();
            }
            await("every reset is reported")
                    .atMost(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(server.observer.timesClosed).hasSize(clients));
            for (int i = 0; i < clients; i++) {
                assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.NETWORK);
            }
        }
    }

    // Dashboards show the drain until it ends.

    @Test
    void in_a_drain_feeds_are_closed_after_the_last_echo_connection_of_all_event_loops() {
        try (var resound = RunningResound.start(
                        transport, "drain.delay", "0s", "drain.period", "100ms", "websocket.closing-timeout", "500ms");
                var log = new CapturedLog("dev.resound.connection")) {
            List<FeedClient> feeds = Stream.generate(() -> FeedClient.of(resound.connect()))
                    .limit(4)
                    .toList();
            List<WireClient> echoes =
                    Stream.generate(() -> resound.open()).limit(6).toList();
            feeds.forEach(feed -> Thread.startVirtualThread(() -> answerClose(feed)));
            resound.main()
                    .drain()
                    .await(); // The echo connections do not answer, and are closed after the closing timeout.
            List<Integer> closed = log.lines().stream()
                    .flatMap(line -> CLOSED.matcher(line).results())
                    .map(line -> Integer.valueOf(line.group(1)))
                    .toList();
            assertThat(closed).hasSize(10);
            assertThat(closed.subList(6, 10))
                    .as("the last four of %s", closed)
                    .containsExactlyInAnyOrderElementsOf(
                            feeds.stream().map(feed -> feed.wire().localPort()).toList());
            echoes.forEach(WireClient::close);
            feeds.forEach(FeedClient::close);
        }
    }

    private static final Pattern CLOSED =
            Pattern.compile("connection closed .* address=[0-9.]+:(\\d+) .* cause=drain ");

    private static void answerClose(FeedClient feed) {
        while (feed.read().isPresent()) {
            // Samples arrive until the Close frame does.
        }
        feed.wire().sendInVain(close(1001).bytes());
    }
}
