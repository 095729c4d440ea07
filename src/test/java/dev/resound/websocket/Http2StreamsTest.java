package dev.resound.websocket;

import static dev.resound.test.RawHttp2.DATA;
import static dev.resound.test.RawHttp2.END_STREAM;
import static dev.resound.test.RawHttp2.RST_STREAM;
import static dev.resound.test.Waiting.await;
import static dev.resound.test.Waiting.pause;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Http2Connection;
import dev.resound.test.ObservedServer;
import dev.resound.test.OnHttp2;
import dev.resound.test.RawHttp2;
import dev.resound.test.RunningResound;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets that share an HTTP/2 connection (RFC 8441): each ends alone, none blocks another, and limits count streams. */
@OnHttp2
@Timeout(120)
record Http2StreamsTest(TestTransport transport) {

    private static final int STREAMS = 100;
    private static final int SMALL_WINDOW = 8 * 1024;
    /** What the server lets a client send on a stream in advance. */
    private static final int SERVER_WINDOW = 32 * 1024;
    /** The window of a stream and of a connection before any setting (RFC 9113 6.9.2). */
    private static final int DEFAULT_WINDOW = 65_535;

    private static final int SETTINGS_TIMEOUT = 4;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final WireFrame GOODBYE = close(1001, "server draining");
    private static final String[] GET = {":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", "/ws"
    };
    private static final String[] WEB_SOCKET = {
        ":method",
        "CONNECT",
        ":protocol",
        "websocket",
        ":scheme",
        "https",
        ":authority",
        "localhost",
        ":path",
        "/ws",
        "sec-websocket-version",
        "13"
    };

    private Http2Connection connect(ObservedServer server) {
        return Http2Connection.open(transport, server.port());
    }

    private static List<WireClient> open(Http2Connection connection, int streams) {
        return Stream.generate(() -> connection.open()).limit(streams).toList();
    }

    private static void echo(WireClient client) {
        client.send(text("hi")).expect(text("hi"));
    }

    private static byte[] code(int error) {
        return ByteBuffer.allocate(4).putInt(error).array();
    }

    private static void assertEndsOnce(ObservedServer server, int streams, CloseCause cause) {
        for (int i = 0; i < streams; i++) {
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(cause);
        }
        await("the places are released").until(() -> server.limits.open() == 0);
        assertThat(server.observer.timesClosed).hasSize(streams);
        assertThat(server.observer.timesClosed.values()).allMatch(times -> times.get() == 1);
    }

    // The end of a stream and of the connection.

    enum Failure {
        CUT {
            @Override
            void of(Http2Connection connection) throws IOException {
                connection.cut();
            }
        },
        RESET {
            @Override
            void of(Http2Connection connection) throws IOException {
                connection.reset();
            }
        },
        GOAWAY {
            @Override
            void of(Http2Connection connection) throws IOException {
                connection.close();
            }
        },
        PROTOCOL_ERROR {
            @Override
            void of(Http2Connection connection) throws IOException {
                connection.raw().send(DATA, 0, 0, new byte[1]);
                connection.awaitEnd();
            }
        };

        abstract void of(Http2Connection connection) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void the_failure_of_a_connection_ends_every_stream_once_with_the_cause_network(Failure failure) throws IOException {
        try (var server = ObservedServer.start(transport)) {
            try (var connection = connect(server)) {
                List<WireClient> clients = open(connection, 10);
                clients.getFirst().send(text("echoed before")).expect(text("echoed before"));
                clients.getLast().send(Arrays.copyOf(binary(new byte[1000]).bytes(), 300));
                failure.of(connection);
            }
            assertEndsOnce(server, 10, CloseCause.NETWORK);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CANCEL, 11, 0x12345678})
    void a_reset_of_a_stream_has_the_cause_network_and_the_other_streams_stay(int error) throws IOException {
        try (var server = ObservedServer.start(transport);
                var connection = connect(server)) {
            WireClient stays = connection.open();
            WireClient reset = connection.open();
            echo(reset);
            connection.raw().send(RST_STREAM, 0, connection.lastStream(), code(error));
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.NETWORK);
            assertThat(end.code()).isEqualTo(1006);
            echo(stays);
            echo(connection.open());
            assertThat(server.observer.timesClosed).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_reset_behind_a_close_has_the_cause_client(boolean afterTheAnswer) throws IOException {
        try (var server = ObservedServer.start(transport);
                var connection = connect(server)) {
            WireClient client = connection.open();
            client.send(close(4000));
            if (afterTheAnswer) {
                client.expect(close(4000));
            }
            connection.raw().send(RST_STREAM, 0, connection.lastStream(), code(CANCEL));
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.CLIENT);
            assertThat(end.code()).isEqualTo(4000);
        }
    }

    @Test
    void streams_stay_after_a_goaway_of_the_client() throws IOException {
        try (var server = ObservedServer.start(transport);
                var connection = connect(server)) {
            WireClient client = connection.open();
            connection.raw().send(RawHttp2.GOAWAY, 0, 0, new byte[8]);
            echo(client);
            client.send(close(1000)).expect(close(1000)).expectEnd().close();
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.CLIENT);
        }
    }

    @Test
    void everything_before_the_end_of_a_stream_is_echoed_and_the_other_streams_stay() throws IOException {
        byte[] message = new byte[4000];
        int messages = 200;
        try (var server = ObservedServer.start(transport);
                var connection = Http2Connection.open(transport, server.port(), SMALL_WINDOW)) {
            WireClient stays = connection.open();
            WireClient ends = connection.open();
            Thread.startVirtualThread(() -> {
                IntStream.range(0, messages).forEach(i -> ends.send(binary(message)));
                ends.shutdownOutput();
            });
            for (int i = 0; i < messages; i++) {
                ends.expect(binary(message));
            }
            ends.expectEnd();
            ConnectionEnd end = server.observer.awaitEnd();
            assertThat(end.cause()).isEqualTo(CloseCause.NETWORK);
            assertThat(end.messagesSent()).isEqualTo(messages);
            echo(stays);
        }
    }

    @Test
    void the_last_frame_may_come_with_the_end_of_the_stream() throws IOException {
        try (var server = ObservedServer.start(transport);
                var connection = connect(server)) {
            WireClient client = connection.open();
            connection.raw().send(DATA, END_STREAM, 1, text("last").bytes());
            client.expect(text("last")).expectEnd();
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.NETWORK);
        }
    }

    @Test
    void after_a_closing_handshake_the_stream_is_free_for_another_one() throws IOException {
        try (var server = ObservedServer.start(transport);
                var connection = connect(server)) {
            open(connection, STREAMS - 1);
            for (int i = 0; i < STREAMS; i++) {
                WireClient client = connection.open();
                client.send(close(1000)).expect(close(1000)).expectEnd().close();
                assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.CLIENT);
            }
        }
    }

    // Fairness.

    @Test
    void streams_that_are_not_read_do_not_block_another_one() throws IOException {
        byte[] burst = SlowReaderTest.repeated(binary(new byte[4000]).bytes(), 100);
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "0s");
                var connection = Http2Connection.open(transport, server.port(), SMALL_WINDOW)) {
            List<WireClient> unread = open(connection, STREAMS - 1);
            unread.forEach(client -> Thread.startVirtualThread(() -> client.sendInVain(burst)));
            await("the server reads none of them").until(() -> server.observer.pauses.get() >= STREAMS - 1);
            WireClient other = connection.open();
            for (int i = 0; i < 20; i++) {
                other.send(binary(new byte[10_000]));
                assertThat(other.readMessage(WireFrame.BINARY)).hasSize(10_000);
            }
            assertThat(server.observer.hasEnd()).isFalse();
        }
    }

    /** More than all streams together may hold at a time. */
    @Test
    void a_stream_that_ends_while_its_input_waits_returns_it_to_the_window_of_the_connection() throws IOException {
        int streams = STREAMS + STREAMS / 2;
        byte[] burst = SlowReaderTest.repeated(binary(new byte[4000]).bytes(), 100);
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "0s");
                var connection = Http2Connection.open(transport, server.port(), 0)) {
            for (int i = 1; i <= streams; i++) {
                int expected = i;
                WireClient client = connection.open();
                Thread writer = Thread.startVirtualThread(() -> client.sendInVain(burst));
                await("the server stops reading").until(() -> server.observer.pauses.get() >= expected);
                pause(Duration.ofMillis(5)); // The client fills the window.
                client.reset();
                await("the writer has ended").until(() -> !writer.isAlive());
            }
            connection.changeWindow(SMALL_WINDOW);
            WireClient other = connection.open();
            for (int i = 0; i < 20; i++) {
                other.send(binary(new byte[10_000]));
                assertThat(other.readMessage(WireFrame.BINARY)).hasSize(10_000);
            }
        }
    }

    @Test
    void a_client_may_change_its_windows_while_streams_are_open() throws IOException {
        byte[] much = new byte[100_000];
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "0s");
                var connection = Http2Connection.open(transport, server.port(), SMALL_WINDOW)) {
            WireClient client = connection.open();
            Thread.startVirtualThread(() -> client.send(binary(much)));
            for (int window : new int[] {1, 0, 100_000, SMALL_WINDOW}) {
                connection.changeWindow(window);
                pause(Duration.ofMillis(20));
            }
            assertThat(client.readMessage(WireFrame.BINARY)).isEqualTo(much);
        }
    }

    @Test
    void a_silent_stream_ends_at_2x_while_another_one_of_its_connection_stays() throws IOException {
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "500ms");
                var connection = connect(server)) {
            WireClient silent = connection.open();
            WireClient talking = connection.open();
            while (!server.observer.hasEnd()) {
                talking.send(ping(""));
                pause(Duration.ofMillis(100));
            }
            silent.expectFailure(1001);
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.IDLE);
            assertThat(server.observer.hasEnd()).isFalse();
        }
    }

    // Limits.

    @ParameterizedTest
    @ValueSource(strings = {"max-connections", "max-connections-per-address"})
    void the_limits_of_connections_count_streams(String limit) throws IOException {
        try (var server = ObservedServer.start(transport, limit, "3");
                var connection = connect(server)) {
            List<WireClient> clients = open(connection, 3);
            connection.connect().requestUpgrade().expectStatus(503);
            assertThat(server.observer.handshakes).endsWith(HandshakeOutcome.CAPACITY);
            clients.getFirst().send(close(1000)).expect(close(1000)).expectEnd().close();
            await("a place is released").until(() -> server.limits.open() == 2);
            echo(connection.open());
            echo(clients.getLast());
        }
    }

    @Test
    void streams_count_for_the_address_of_their_connection() throws IOException {
        try (var server = ObservedServer.start(transport, "max-connections-per-address", "3");
                var first = Http2Connection.openFrom("127.0.0.1", transport, server.port());
                var second = Http2Connection.openFrom("127.0.0.1", transport, server.port());
                var other = Http2Connection.openFrom("127.0.0.2", transport, server.port())) {
            open(first, 2);
            open(second, 1);
            first.connect().requestUpgrade().expectStatus(503);
            second.connect().requestUpgrade().expectStatus(503);
            open(other, 3);
            other.connect().requestUpgrade().expectStatus(503);
        }
    }

    /** A proxy carries the WebSockets of many clients on one connection. */
    @Test
    void streams_count_for_the_address_that_a_trusted_proxy_forwards() throws IOException {
        try (var server = ObservedServer.start(
                        transport, "max-connections-per-address", "2", "trusted-proxies", "127.0.0.1");
                var proxy = connect(server)) {
            String first = "X-Forwarded-For: 198.51.100.1";
            String second = "X-Forwarded-For: 198.51.100.2";
            WireClient leaves = proxy.open(first);
            proxy.open(first);
            proxy.open(second);
            proxy.connect().requestUpgrade(first).expectStatus(503);
            proxy.open(second);
            proxy.connect().requestUpgrade(second).expectStatus(503);
            leaves.send(close(1000)).expect(close(1000)).expectEnd().close();
            await("the place is released").until(() -> server.limits.open() == 3);
            proxy.connect().requestUpgrade(second).expectStatus(503);
            echo(proxy.open(first));
        }
    }

    /** What a client says about pushes (SETTINGS_MAX_CONCURRENT_STREAMS) has no effect on the streams that it opens. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, Integer.MAX_VALUE})
    void the_window_of_the_connection_covers_the_windows_of_all_streams(int pushes) throws IOException {
        try (var server = ObservedServer.start(transport);
                RawHttp2 client = raw(server.port()).begin(RawHttp2.MAX_CONCURRENT_STREAMS, pushes)) {
            int more = client.await(RawHttp2.WINDOW_UPDATE).payload().getInt(0);
            assertThat(more).isBetween(STREAMS * SERVER_WINDOW - DEFAULT_WINDOW, STREAMS * DEFAULT_WINDOW);
        }
    }

    private RawHttp2 raw(int port) throws IOException {
        return transport.isEncrypted()
                ? RawHttp2.connect(port, TestTransport.certificate().client())
                : RawHttp2.connect(port);
    }

    /** A pong has 2 bytes, but holds far more memory until it is sent. */
    @Test
    void the_server_stops_reading_from_a_client_that_lets_no_pongs_out() throws IOException {
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "0s");
                var connection = Http2Connection.open(transport, server.port(), 0)) {
            WireClient client = connection.open();
            int sent = 0;
            for (; sent < 2000 && server.observer.pauses.get() == 0; sent++) {
                client.send(ping(""));
                pause(Duration.ofMillis(1)); // So that few of them arrive together.
            }
            await("the server stops reading").until(() -> server.observer.pauses.get() > 0);
            connection.changeWindow(SMALL_WINDOW);
            for (int i = 0; i < sent; i++) {
                client.expect(WireFrame.frame(WireFrame.PONG, new byte[0]));
            }
            echo(client);
        }
    }

    @Test
    void a_stream_beyond_the_limit_of_concurrent_streams_is_refused() throws IOException {
        try (var server = ObservedServer.start(transport);
                var connection = connect(server)) {
            assertThat(connection.settings()).containsEntry(RawHttp2.MAX_CONCURRENT_STREAMS, STREAMS);
            List<WireClient> clients = open(connection, STREAMS);
            connection.connect().requestUpgrade();
            assertThat(connection.awaitReset(connection.lastStream())).isEqualTo(REFUSED_STREAM);
            clients.forEach(Http2StreamsTest::echo);
            clients.getFirst().reset();
            server.observer.awaitEnd();
            echo(connection.open());
            assertThat(server.limits.open()).isEqualTo(STREAMS);
        }
    }

    // Deadlines of the service.

    private static final long DEADLINE_MILLIS = 500;

    private RunningResound resound(String... settings) {
        return RunningResound.start(
                transport,
                Stream.of(
                                new String[] {"websocket.handshake-timeout", DEADLINE_MILLIS + "ms", "drain.delay", "0s"
                                },
                                settings)
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
    }

    @Test
    void a_connection_with_a_websocket_outlives_the_deadline_of_requests_and_ends_after_its_last_one()
            throws IOException {
        try (var resound = resound();
                var connection = Http2Connection.open(transport, resound.port())) {
            WireClient client = connection.open();
            pause(Duration.ofMillis(3 * DEADLINE_MILLIS));
            echo(client);
            client.send(close(1000)).expect(close(1000)).expectEnd().close();
            connection.awaitGoAway();
            connection.awaitEnd();
        }
    }

    @Test
    void a_request_that_stalls_ends_at_its_deadline_although_there_is_a_websocket_beside_it() throws IOException {
        try (var resound = resound();
                var connection = Http2Connection.open(transport, resound.port())) {
            WireClient client = connection.open();
            connection.request(0, ":method", "POST", ":scheme", "https", ":authority", "a", ":path", "/");
            connection.awaitReset(connection.lastStream());
            echo(client);
        }
    }

    /** Until then, a client may send more on a stream in advance than the limits of memory permit (RFC 9113 6.5.3). */
    @Test
    void a_client_that_does_not_acknowledge_the_settings_is_cut_at_the_deadline() throws IOException {
        try (var resound = resound();
                RawHttp2 client = raw(resound.port()).begin()) {
            client.headers(1, RawHttp2.END_HEADERS, WEB_SOCKET);
            assertThat(client.await(RawHttp2.HEADERS).status()).isEqualTo(200);
            assertThat(client.await(RawHttp2.GOAWAY).error()).isEqualTo(SETTINGS_TIMEOUT);
            assertThat(client.ends()).isTrue();
        }
    }

    // The whole service.

    @Test
    void the_page_and_websockets_share_a_connection() throws IOException {
        try (var resound = resound();
                var connection = Http2Connection.open(transport, resound.port())) {
            WireClient client = connection.open();
            WireClient page = connection
                    .request(END_STREAM, ":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/")
                    .expectStatus(200);
            assertThat(page.readBody()).contains("<html");
            echo(client);
        }
    }

    @Test
    void a_get_is_refused_with_the_rule_that_says_what_to_do() throws IOException {
        try (var resound = resound();
                var connection = Http2Connection.open(transport, resound.port())) {
            WireClient client = connection.request(END_STREAM, GET).expectStatus(400);
            assertThat(client.readBody()).contains("extended CONNECT", "RFC 8441");
        }
    }

    @ParameterizedTest
    @CsvSource({"/other, 404", "/, 404", "/ws/, 404", "/ws?explain, 200"})
    void websockets_are_served_at_their_path_only(String path, int status) throws IOException {
        try (var resound = resound();
                var connection = Http2Connection.open(transport, resound.port())) {
            connection
                    .request(
                            0,
                            ":method",
                            "CONNECT",
                            ":protocol",
                            "websocket",
                            ":scheme",
                            "https",
                            ":authority",
                            "localhost",
                            ":path",
                            path,
                            "sec-websocket-version",
                            "13")
                    .expectStatus(status);
            echo(connection.open());
        }
    }

    @Test
    void a_websocket_may_follow_a_proxy_header() {
        byte[] header = HexFormat.of().parseHex("0D0A0D0A000D0A515549540A2111000CC63364017F00000112671F90");
        try (var resound = resound("http.proxy-protocol", "true");
                WireClient client =
                        transport.begin(WireClient.tcp(resound.port()).send(header))) {
            echo(client.handshake());
        }
    }

    @Test
    void a_drain_sends_1001_on_every_stream_and_then_goaway_and_closes() throws IOException {
        try (var resound = resound("drain.period", "100ms");
                var connection = Http2Connection.open(transport, resound.port())) {
            List<WireClient> clients = open(connection, 10);
            Future<?> drained = resound.main().drain();
            for (WireClient client : clients) {
                client.expect(GOODBYE);
            }
            assertThat(connection.isGoingAway()).isFalse();
            for (WireClient client : clients) {
                client.send(GOODBYE).expectEnd().close();
            }
            assertThat(connection.awaitGoAway().error()).isZero();
            connection.awaitEnd();
            drained.await();
        }
    }

    @Test
    void a_client_that_does_not_answer_the_drain_gets_goaway_after_the_closing_timeout() throws IOException {
        try (var resound = resound("drain.period", "0s", "websocket.closing-timeout", "400ms");
                var connection = Http2Connection.open(transport, resound.port())) {
            List<WireClient> clients = open(connection, 3);
            resound.main().drain().await();
            clients.forEach(client -> client.expect(GOODBYE).expectEnd());
            assertThat(connection.awaitGoAway().error()).isZero();
            connection.awaitEnd();
        }
    }
}
