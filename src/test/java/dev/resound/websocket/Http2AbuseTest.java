package dev.resound.websocket;

import static dev.resound.test.RawHttp2.CONTINUATION;
import static dev.resound.test.RawHttp2.DATA;
import static dev.resound.test.RawHttp2.END_HEADERS;
import static dev.resound.test.RawHttp2.END_STREAM;
import static dev.resound.test.RawHttp2.HEADERS;
import static dev.resound.test.RawHttp2.PADDED;
import static dev.resound.test.RawHttp2.PING;
import static dev.resound.test.RawHttp2.RST_STREAM;
import static dev.resound.test.RawHttp2.WINDOW_UPDATE;
import static dev.resound.test.Waiting.await;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Bystander;
import dev.resound.test.CapturedLog;
import dev.resound.test.Http2Connection;
import dev.resound.test.MetricsPage;
import dev.resound.test.OnHttp2;
import dev.resound.test.RawHttp2;
import dev.resound.test.RunningResound;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that abuse HTTP/2 around WebSockets. Each abuse ends and is counted, leaves no open connection behind, another client is served
 * meanwhile, and the log has neither an error nor a stack trace.
 */
@SuppressWarnings("NullAway.Init") // NullAway does not know what is called before an invocation of a class.
@OnHttp2
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
record Http2AbuseTest(TestTransport transport) {

    private static final int STREAMS = 100;
    /** What the server lets a client send on a stream in advance. */
    private static final int SERVER_WINDOW = 32 * 1024;

    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int CANCEL = 8;

    private static final byte[] CONNECT = RawHttp2.block(
            ":method", "CONNECT",
            ":protocol", "websocket",
            ":scheme", "https",
            ":authority", "localhost",
            ":path", "/ws",
            "sec-websocket-version", "13");

    private static RunningResound resound;
    private static CapturedLog log;
    private static Bystander bystander;

    @BeforeParameterizedClassInvocation
    static void start(TestTransport transport) {
        log = CapturedLog.ofAll();
        resound = RunningResound.start(
                transport, "websocket.handshake-timeout", "2s", "websocket.keep-alive-interval", "1s");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        resound.close();
        log.close();
    }

    @BeforeEach
    void open() {
        bystander = Bystander.of(resound.open());
    }

    @AfterEach
    void nobody_was_harmed_and_everything_is_counted() {
        bystander.leaveUnharmed();
        MetricsPage page = MetricsPage.await(
                resound,
                now -> now.sum("websocket_connections") == 0
                        && now.sum("websocket_connections_closed_total") == logged("connection closed ")
                        && now.value("websocket_handshakes_total{outcome=\"accepted\"}")
                                == logged("connection opened "));
        assertThat(logged("connection closed ")).isEqualTo(logged("connection opened "));
        assertThat(page.value("websocket_connections_closed_total{cause=\"error\"}"))
                .isZero();
        assertThat(page.value("websocket_connections_closed_total{http=\"1.1\"}"))
                .isZero();
        assertThat(log.faults()).isEmpty();
    }

    private Http2Connection connect() {
        return Http2Connection.open(transport, resound.port());
    }

    private Http2Connection connect(int window) {
        return Http2Connection.open(transport, resound.port(), window);
    }

    /** The number of lines that contain all of these. */
    private static long logged(String... parts) {
        return log.lines().stream()
                .filter(line -> Stream.of(parts).allMatch(line::contains))
                .count();
    }

    /** Waits until so many WebSockets of a connection have ended with a cause. */
    private static void awaitClosed(Http2Connection connection, String cause, int streams) {
        await(streams + " ends with the cause " + cause)
                .until(() -> logged("connection closed ", ":" + connection.localPort() + " ", "cause=" + cause + " ")
                        == streams);
    }

    private static void echo(WireClient client) {
        client.send(text("hi"));
        WireFrame frame = client.read();
        assertThat(frame.opcode() == WireFrame.PING ? client.read() : frame).isEqualTo(text("hi"));
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /** Sends until the server ends the connection; fails if it never does. */
    private static void expectEnd(Http2Connection connection, Step step) {
        try {
            for (int i = 0; i < 1_000_000; i++) {
                step.take(i);
            }
            throw new AssertionError("the server takes everything");
        } catch (IOException | java.io.UncheckedIOException ended) {
            connection.awaitEnd();
        }
    }

    private interface Step {
        void take(int i) throws IOException;
    }

    // Handshakes.

    @Test
    void a_client_that_resets_its_handshakes_rapidly_is_cut() throws IOException {
        try (var connection = connect()) {
            expectEnd(connection, i -> connection.connect().requestUpgrade().reset());
        }
    }

    /** CVE-2025-8671: resets that the server sends are not counted by a limit of resets that it receives. */
    @Test
    void a_client_that_makes_the_server_reset_its_handshakes_leaves_nothing_behind() throws IOException {
        try (var connection = connect()) {
            for (int i = 0; i < 2000; i++) {
                connection.connect().requestUpgrade();
                connection.raw().send(WINDOW_UPDATE, 0, connection.lastStream(), number(0));
            }
        } catch (IOException | java.io.UncheckedIOException ended) {
            // As the server may.
        }
    }

    /** Each stream beyond the limit is refused, and too many refusals end the connection. */
    @Test
    void a_client_that_keeps_opening_streams_is_cut() throws IOException {
        try (var connection = connect()) {
            expectEnd(connection, i -> connection.connect().requestUpgrade());
            awaitClosed(connection, "network", STREAMS);
        }
    }

    @Test
    void thousands_of_handshakes_in_turn_are_all_answered() throws IOException {
        int clients = 2000;
        try (var connection = connect()) {
            for (int i = 0; i < clients; i++) {
                connection
                        .open()
                        .send(WireFrame.close(1000))
                        .expect(WireFrame.close(1000))
                        .expectEnd()
                        .close();
            }
            awaitClosed(connection, "client", clients);
        }
    }

    /** A gateway has one connection for many clients, and resets the stream of each client that it loses. */
    @Test
    void websockets_that_end_with_a_reset_do_not_harm_the_others_of_their_connection() throws IOException {
        int clients = 500;
        try (var connection = connect()) {
            WireClient neighbour = connection.open();
            for (int i = 0; i < clients; i++) {
                WireClient client = connection.open();
                echo(client);
                client.reset();
            }
            awaitClosed(connection, "network", clients);
            echo(neighbour);
        }
    }

    @Test
    void thousands_of_refused_handshakes_in_turn_are_all_answered() throws IOException {
        double before = MetricsPage.of(resound).value("websocket_handshakes_total{outcome=\"version\"}");
        int clients = 2000;
        try (var connection = connect()) {
            for (int i = 0; i < clients; i++) {
                connection
                        .connect()
                        .requestUpgrade("Sec-WebSocket-Version: 8")
                        .expectStatus(426)
                        .close();
            }
            MetricsPage.await(
                    resound, page -> page.value("websocket_handshakes_total{outcome=\"version\"}") == before + clients);
        }
    }

    @Test
    void the_data_of_a_refused_handshake_is_discarded() throws IOException {
        byte[] much = new byte[1 << 20];
        try (var connection = connect()) {
            WireClient refused = connection
                    .connect()
                    .requestUpgrade("Sec-WebSocket-Version: 8")
                    .sendInVain(much)
                    .expectStatus(426);
            assertThat(refused.sendInVain(much)).isNotNull();
            echo(connection.open());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000})
    void fields_without_an_end_are_cut(int size) throws IOException {
        try (var connection = connect()) {
            connection.raw().send(HEADERS, 0, 1, CONNECT);
            byte[] more = size == 0 ? new byte[0] : RawHttp2.block("x", "y".repeat(size));
            expectEnd(connection, i -> connection.raw().send(CONTINUATION, 0, 1, more));
        }
    }

    // Streams.

    private static void expectReset(Http2Connection connection, WireClient neighbour, int stream, int error) {
        assertThat(connection.awaitReset(stream)).isEqualTo(error);
        awaitClosed(connection, "network", 1);
        echo(neighbour);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 100, 1000})
    void a_reset_in_the_middle_of_a_frame_is_counted_as_network(int bytes) throws IOException {
        try (var connection = connect()) {
            WireClient neighbour = connection.open();
            WireClient client = connection.open();
            client.send(Arrays.copyOf(binary(new byte[1000]).bytes(), bytes)).reset();
            awaitClosed(connection, "network", 1);
            echo(neighbour);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {END_HEADERS, END_HEADERS | END_STREAM})
    void trailers_end_the_stream(int flags) throws IOException {
        try (var connection = connect()) {
            WireClient neighbour = connection.open();
            connection.open();
            int stream = connection.lastStream();
            connection.raw().headers(stream, flags, "x-trailer", "y");
            expectReset(connection, neighbour, stream, PROTOCOL_ERROR);
        }
    }

    @Test
    void data_behind_the_end_of_a_stream_is_not_echoed() throws IOException {
        try (var connection = connect()) {
            WireClient neighbour = connection.open();
            WireClient client = connection.open();
            int stream = connection.lastStream();
            connection
                    .raw()
                    .send(DATA, END_STREAM, stream, text("last").bytes())
                    .send(DATA, 0, stream, text("too late").bytes());
            assertThat(new String(readSome(client), US_ASCII)).doesNotContain("too late");
            awaitClosed(connection, "network", 1);
            echo(neighbour);
        }
    }

    private static byte[] readSome(WireClient client) {
        var bytes = new java.io.ByteArrayOutputStream();
        try {
            client.in().transferTo(bytes);
        } catch (IOException reset) {
            // What came before counts.
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "2147483647, 3"})
    void a_window_that_grows_by_nothing_or_too_much_ends_the_stream(int more, int error) throws IOException {
        try (var connection = connect()) {
            WireClient neighbour = connection.open();
            connection.open();
            int stream = connection.lastStream();
            connection.raw().send(WINDOW_UPDATE, 0, stream, number(more));
            expectReset(connection, neighbour, stream, error);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "2147483647, 3"})
    void a_window_of_the_connection_that_grows_by_nothing_or_too_much_ends_all_streams(int more, int error)
            throws IOException {
        try (var connection = connect()) {
            Stream.generate(connection::open).limit(5).forEach(client -> {});
            connection.raw().send(WINDOW_UPDATE, 0, 0, number(more));
            assertThat(connection.awaitGoAway().error()).isEqualTo(error);
            connection.awaitEnd();
            awaitClosed(connection, "network", 5);
        }
    }

    /** The client that takes no echo gets no more credit, so the server's window is all that it may send. */
    @Test
    void more_data_than_the_window_ends_the_stream() throws IOException {
        try (var connection = connect(0)) {
            WireClient neighbour = connection.open();
            connection.open();
            int stream = connection.lastStream();
            byte[] frame = binary(new byte[4000]).bytes();
            for (int sent = 0; sent < 10 * SERVER_WINDOW; sent += frame.length) {
                connection.raw().send(DATA, 0, stream, frame);
            }
            assertThat(connection.awaitReset(stream)).isEqualTo(FLOW_CONTROL_ERROR);
            awaitClosed(connection, "network", 1);
            connection.changeWindow(1000);
            echo(neighbour);
        }
    }

    @Test
    void a_client_that_opens_no_window_ends_as_a_slow_consumer() throws IOException {
        byte[] much = binary(new byte[1 << 18]).bytes();
        try (var connection = connect(0)) {
            List<WireClient> clients =
                    Stream.generate(connection::open).limit(10).toList();
            clients.forEach(client -> Thread.startVirtualThread(() -> client.sendInVain(much)));
            awaitClosed(connection, "slow-consumer", clients.size());
        }
    }

    @Test
    void a_window_that_grows_byte_by_byte_lets_everything_out() throws IOException {
        try (var connection = connect(1)) {
            WireClient client = connection.open();
            client.send(binary(new byte[2000]));
            WireFrame frame = client.read();
            assertThat(frame.opcode() == WireFrame.PING ? client.read() : frame).isEqualTo(binary(new byte[2000]));
        }
    }

    // Frames.

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255})
    void padding_is_removed_and_credited(int padding) throws IOException {
        byte[] frame = text("padded").bytes();
        byte[] padded = new byte[1 + frame.length + padding];
        padded[0] = (byte) padding;
        System.arraycopy(frame, 0, padded, 1, frame.length);
        try (var connection = connect()) {
            WireClient client = connection.open();
            for (int sent = 0; sent < 3 * SERVER_WINDOW; sent += 100 * padded.length) {
                for (int i = 0; i < 100; i++) {
                    connection.raw().send(DATA, PADDED, 1, padded);
                }
                for (int i = 0; i < 100; i++) {
                    WireFrame echo = client.read();
                    assertThat(echo.opcode() == WireFrame.PING ? client.read() : echo)
                            .isEqualTo(text("padded"));
                }
            }
        }
    }

    @Test
    void more_padding_than_data_ends_the_connection() throws IOException {
        try (var connection = connect()) {
            connection.open();
            connection.raw().send(DATA, PADDED, 1, new byte[] {100, 0});
            assertThat(connection.awaitGoAway().error()).isEqualTo(PROTOCOL_ERROR);
            awaitClosed(connection, "network", 1);
        }
    }

    @Test
    void empty_data_without_an_end_is_cut() throws IOException {
        try (var connection = connect()) {
            connection.open();
            expectEnd(connection, i -> connection.raw().send(DATA, 0, 1, new byte[0]));
            awaitClosed(connection, "network", 1);
        }
    }

    @Test
    void unknown_frames_and_priorities_on_a_websocket_are_ignored() throws IOException {
        try (var connection = connect()) {
            WireClient client = connection.open();
            connection.raw().send(0xFA, 0xFF, 1, new byte[100]).send(2, 0, 1, new byte[] {0, 0, 0, 3, 1});
            echo(client);
        }
    }

    @Test
    void changes_of_the_windows_of_many_waiting_streams_do_not_harm_others() throws IOException {
        byte[] much = binary(new byte[1 << 16]).bytes();
        try (var connection = connect(1)) {
            List<WireClient> clients =
                    Stream.generate(connection::open).limit(STREAMS).toList();
            clients.forEach(client -> Thread.startVirtualThread(() -> client.sendInVain(much)));
            for (int i = 0; i < 5000; i++) {
                connection.raw().settings(RawHttp2.INITIAL_WINDOW_SIZE, 1);
                connection.raw().settings(RawHttp2.INITIAL_WINDOW_SIZE, 0);
            }
        } catch (IOException | java.io.UncheckedIOException ended) {
            // As the server may.
        }
    }

    @Test
    void a_flood_of_pings_beside_websockets_that_takes_no_answers_is_cut() throws IOException {
        try (RawHttp2 http = transport.isEncrypted()
                ? RawHttp2.open(resound.port(), TestTransport.certificate().client())
                : RawHttp2.connect(resound.port()).begin()) {
            http.send(HEADERS, END_HEADERS, 1, CONNECT).await(HEADERS);
            try {
                for (int i = 0; i < 1_000_000; i++) {
                    http.send(PING, 0, 0, new byte[8]);
                }
            } catch (IOException cut) {
                // As it was to be.
            }
        }
        await("it is cut")
                .until(() -> logged("connection opened ") == logged("connection closed ") + 1); // The bystander's.
    }

    @Test
    void resets_of_streams_that_have_ended_are_ignored() throws IOException {
        try (var connection = connect()) {
            WireClient neighbour = connection.open();
            connection
                    .open()
                    .send(WireFrame.close(1000))
                    .expect(WireFrame.close(1000))
                    .expectEnd()
                    .close();
            for (int i = 0; i < 50; i++) {
                connection.raw().send(RST_STREAM, 0, 3, number(CANCEL));
            }
            echo(neighbour);
        }
    }
}
