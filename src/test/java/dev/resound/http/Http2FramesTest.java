package dev.resound.http;

import static dev.resound.test.RawHttp2.ACK;
import static dev.resound.test.RawHttp2.CONTINUATION;
import static dev.resound.test.RawHttp2.DATA;
import static dev.resound.test.RawHttp2.END_HEADERS;
import static dev.resound.test.RawHttp2.END_STREAM;
import static dev.resound.test.RawHttp2.GOAWAY;
import static dev.resound.test.RawHttp2.HEADERS;
import static dev.resound.test.RawHttp2.INITIAL_WINDOW_SIZE;
import static dev.resound.test.RawHttp2.PING;
import static dev.resound.test.RawHttp2.RST_STREAM;
import static dev.resound.test.RawHttp2.SETTINGS;
import static dev.resound.test.RawHttp2.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import dev.resound.test.RawHttp2;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever frames a client sends, others are served, and the log has neither an error nor a stack trace. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Http2FramesTest {

    private static final int TIMEOUT_MILLIS = 2000;
    private static final int PRIORITY = 2;
    private static final int PUSH_PROMISE = 5;
    private static final int UNKNOWN = 0xFA;
    private static final int PADDED = 8;
    private static final int WHOLE = END_STREAM | END_HEADERS;
    private static final int CANCEL = 8;
    private static final int NO_ERROR = 0;
    private static final int LAST_STREAM = 9999;
    private static final String SMALL = "/favicon.svg";
    /** 12 KB. */
    private static final String LARGE = "/";

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;
    private static RunningResound resound;
    private static CapturedLog log;

    @BeforeAll
    static void start() throws IOException {
        log = CapturedLog.ofAll();
        certificate = TestCertificate.ec(directory, "resound");
        resound = RunningResound.start(certificate.settings("websocket.handshake-timeout", TIMEOUT_MILLIS + "ms"));
        another_client_is_served_and_the_log_has_no_fault(); // The first TLS handshake of a JVM is slow.
    }

    @AfterAll
    static void stop() {
        if (resound != null) {
            resound.close();
        }
        log.close();
    }

    @AfterEach
    void nobody_was_harmed() throws IOException {
        another_client_is_served_and_the_log_has_no_fault();
    }

    private static void another_client_is_served_and_the_log_has_no_fault() throws IOException {
        try (RawHttp2 http = open()) {
            assertThat(http.get(1, SMALL).await(HEADERS).status()).isEqualTo(200);
        }
        assertThat(log.faults()).isEmpty();
    }

    private static RawHttp2 open(int... settings) throws IOException {
        return RawHttp2.open(resound.port(), certificate.client(), settings).send(SETTINGS, ACK, 0, new byte[0]);
    }

    interface Client {
        void send(RawHttp2 http) throws IOException;
    }

    /** What a client does. */
    record Step(String name, Client client) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Step step(String name, Client client) {
        return new Step(name, client);
    }

    private static Step fields(String name, String... namesAndValues) {
        return step(name, http -> http.headers(1, WHOLE, namesAndValues));
    }

    private static Step path(String name, String path) {
        return step("path " + name, http -> http.get(1, path));
    }

    private static Step header(String name, String value) {
        return step(name + ": " + value.replaceAll("\\p{Cntrl}", "?"), http -> http.get(1, SMALL, name, value));
    }

    private static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    // Nothing happens.

    static Stream<Step> ignored() {
        return Stream.of(
                step("nothing", http -> {}),
                step("an acknowledgement of settings that nobody has sent", http -> {
                    for (int i = 0; i < 5; i++) {
                        http.send(SETTINGS, ACK, 0, new byte[0]);
                    }
                }),
                step("an acknowledgement of a ping that nobody has sent", http -> http.send(PING, ACK, 0, new byte[8])),
                step("a ping", http -> http.send(PING, 0, 0, new byte[8])),
                step("an unknown frame on the connection", http -> http.send(UNKNOWN, 0xFF, 0, new byte[100])),
                step(
                        "an unknown frame on an open stream",
                        http -> http.request(1, "POST", "/", END_HEADERS)
                                .send(UNKNOWN, 0, 1, new byte[100])
                                .send(DATA, END_STREAM, 1, new byte[5])),
                step("an unknown frame on an idle stream", http -> http.send(UNKNOWN, 0, 5, new byte[100])),
                step("an unknown setting", http -> http.send(SETTINGS, 0, 0, new byte[] {0x7F, 1, 0, 0, 0, 1})),
                step("settings, again and again", http -> {
                    for (int i = 0; i < 50; i++) {
                        http.send(SETTINGS, 0, 0, new byte[0]);
                    }
                }),
                step("the priority of an idle stream", http -> http.send(PRIORITY, 0, 7, new byte[] {0, 0, 0, 3, 1})),
                step("a larger window", http -> http.send(WINDOW_UPDATE, 0, 0, number(1000))),
                step(
                        "a reset of a stream before its response",
                        http -> http.request(1, "POST", "/", END_HEADERS).send(RST_STREAM, 0, 1, number(CANCEL))),
                step(
                        "a reset of a stream with its request",
                        http -> http.get(1, SMALL).send(RST_STREAM, 0, 1, number(CANCEL))),
                step("a reset of a stream behind its response", http -> {
                    http.get(1, SMALL).awaitEnd(1);
                    http.send(RST_STREAM, 0, 1, number(CANCEL));
                }),
                step(
                        "two resets of a stream",
                        http -> http.get(1, SMALL)
                                .send(RST_STREAM, 0, 1, number(CANCEL))
                                .send(RST_STREAM, 0, 1, number(CANCEL))),
                step(
                        "data behind a reset",
                        http -> http.request(1, "POST", "/", END_HEADERS).send(RST_STREAM, 0, 1, number(CANCEL))),
                step(
                        "trailers",
                        http -> http.request(1, "POST", "/", END_HEADERS)
                                .send(DATA, 0, 1, new byte[10])
                                .headers(1, WHOLE, "x-trailer", "y")),
                step(
                        "fields in two frames",
                        http -> http.send(HEADERS, END_STREAM, 1, RawHttp2.block(":method", "GET", ":scheme", "https"))
                                .send(CONTINUATION, END_HEADERS, 1, RawHttp2.block(":path", "/", ":authority", "a"))),
                step(
                        "padding",
                        http -> http.request(1, "POST", "/", END_HEADERS)
                                .send(DATA, PADDED | END_STREAM, 1, new byte[] {3, 'a', 0, 0, 0})),
                step(
                        "a stream that goes back, which Netty ignores",
                        http -> http.get(5, SMALL).get(3, SMALL)),
                step("GOAWAY of a client that goes on", http -> http.send(GOAWAY, 0, 0, new byte[8])));
    }

    @ParameterizedTest
    @MethodSource("ignored")
    void what_is_allowed_does_not_keep_the_next_request_from_its_response(Step step) throws IOException {
        try (RawHttp2 http = open()) {
            step.client().send(http);
            assertIsServed(http);
        }
    }

    private static void assertIsServed(RawHttp2 http) throws IOException {
        http.get(LAST_STREAM, SMALL);
        RawHttp2.Frame frame = http.read();
        while (frame.stream() != LAST_STREAM && frame.type() != GOAWAY) {
            frame = http.read();
        }
        assertThat(frame.type()).as("frame type").isEqualTo(HEADERS);
        assertThat(frame.status()).isEqualTo(200);
        http.awaitEnd(LAST_STREAM);
    }

    // The stream ends.

    static Stream<Step> malformed() {
        String[] get = {":method", "GET", ":scheme", "https", ":authority", "a", ":path", "/"};
        return Stream.of(
                path("with CR LF", "/\r\nX: y"),
                path("with NUL", "/\0"),
                path("with a space", "/ x"),
                path("with a tab", "/\tx"),
                path("with DEL", "/\u007f"),
                path("empty", ""),
                path("relative", "nothing"),
                path("absolute", "https://a/"),
                fields("no method", ":scheme", "https", ":authority", "a", ":path", "/"),
                fields("no path", ":method", "GET", ":scheme", "https", ":authority", "a"),
                fields("no scheme", ":method", "GET", ":authority", "a", ":path", "/"),
                fields("no authority", ":method", "GET", ":scheme", "https", ":path", "/"),
                fields("no fields"),
                fields(
                        "two paths",
                        Stream.of(get, new String[] {":path", "/x"})
                                .flatMap(Stream::of)
                                .toArray(String[]::new)),
                fields(
                        "an unknown pseudo-header",
                        Stream.of(get, new String[] {":x", "y"})
                                .flatMap(Stream::of)
                                .toArray(String[]::new)),
                fields(
                        "a status",
                        Stream.of(get, new String[] {":status", "200"})
                                .flatMap(Stream::of)
                                .toArray(String[]::new)),
                fields("a pseudo-header behind a header", ":method", "GET", ":scheme", "https", "x", "y", ":path", "/"),
                fields(
                        "CONNECT with a path",
                        ":method",
                        "CONNECT",
                        ":scheme",
                        "https",
                        ":authority",
                        "a",
                        ":path",
                        "/"),
                fields("CONNECT", ":method", "CONNECT", ":authority", "a:443"),
                header("X-Upper", "y"),
                header("", "y"),
                header("x y", "z"),
                header("x\r\ny", "z"),
                header("x:y", "z"),
                header("x", "a\r\nb: c"),
                header("x", "a\0b"),
                header("x", "a\nb"),
                header("connection", "close"),
                header("connection", "keep-alive"),
                header("keep-alive", "5"),
                header("proxy-connection", "x"),
                header("transfer-encoding", "chunked"),
                header("upgrade", "websocket"),
                header("te", "gzip"),
                header("host", "other"),
                header("content-length", "5"),
                header("content-length", "x"),
                header("content-length", "-1"),
                step(
                        "200 fields",
                        http -> http.get(
                                1, SMALL, Stream.generate(() -> "x").limit(400).toArray(String[]::new))),
                step("a field of 9,000 bytes", http -> http.get(1, SMALL, "x", "y".repeat(9000))),
                step(
                        "trailers that do not end the stream",
                        http -> http.request(1, "POST", "/ws", END_HEADERS).headers(1, END_HEADERS, "x", "y")),
                step(
                        "trailers with a pseudo-header",
                        http -> http.request(1, "POST", "/ws", END_HEADERS).headers(1, WHOLE, ":path", "/")),
                step(
                        "more data than was told",
                        http -> http.request(1, "POST", "/ws", END_HEADERS, "content-length", "3")
                                .send(DATA, END_STREAM, 1, new byte[10])),
                step(
                        "less data than was told",
                        http -> http.request(1, "POST", "/ws", END_HEADERS, "content-length", "30")
                                .send(DATA, END_STREAM, 1, new byte[10])),
                step(
                        "a window that grows by nothing",
                        http -> http.request(1, "POST", "/ws", END_HEADERS).send(WINDOW_UPDATE, 0, 1, number(0))),
                step(
                        "a stream's window that is too large",
                        http -> http.request(1, "POST", "/ws", END_HEADERS)
                                .send(WINDOW_UPDATE, 0, 1, number(Integer.MAX_VALUE))));
    }

    /** With a status, a reset of the stream, or the end of the connection: each is allowed (RFC 9113 5.4.1, 8.1.1). */
    @ParameterizedTest
    @MethodSource("malformed")
    void a_malformed_request_is_refused(Step step) throws IOException {
        try (RawHttp2 http = open()) {
            step.client().send(http);
            RawHttp2.Frame frame = http.read();
            while (frame.stream() != 1 && frame.type() != GOAWAY) {
                frame = http.read();
            }
            if (frame.type() == HEADERS) {
                assertThat(frame.status()).isBetween(400, 499);
                http.awaitEnd(1);
            } else {
                assertThat(frame.error()).isNotEqualTo(NO_ERROR);
            }
            if (frame.type() != GOAWAY) {
                assertIsServed(http);
            } else {
                assertThat(http.ends()).isTrue();
            }
        }
    }

    // The connection ends.

    static Stream<Step> errors() {
        return Stream.of(
                step("data on an idle stream", http -> http.send(DATA, 0, 1, new byte[10])),
                step("a reset of an idle stream", http -> http.send(RST_STREAM, 0, 1, number(CANCEL))),
                step("a window of an idle stream", http -> http.send(WINDOW_UPDATE, 0, 1, number(1))),
                step("data on the connection", http -> http.send(DATA, 0, 0, new byte[10])),
                step("headers on the connection", http -> http.get(0, SMALL)),
                step("settings on a stream", http -> http.send(SETTINGS, 0, 1, new byte[0])),
                step("a ping on a stream", http -> http.send(PING, 0, 1, new byte[8])),
                step("GOAWAY on a stream", http -> http.send(GOAWAY, 0, 1, new byte[8])),
                step("a stream of the server", http -> http.get(2, SMALL)),
                step("a promise", http -> http.get(1, SMALL).send(PUSH_PROMISE, END_HEADERS, 1, number(2))),
                step("a short ping", http -> http.send(PING, 0, 0, new byte[7])),
                step("short settings", http -> http.send(SETTINGS, 0, 0, new byte[5])),
                step("an acknowledgement that says something", http -> http.send(SETTINGS, ACK, 0, new byte[6])),
                step(
                        "a setting with an impossible value",
                        http -> http.send(SETTINGS, 0, 0, new byte[] {0, 2, 0, 0, 0, 2})),
                step(
                        "an impossible window",
                        http -> http.send(SETTINGS, 0, 0, new byte[] {0, INITIAL_WINDOW_SIZE, -1, -1, -1, -1})),
                step(
                        "a connection's window that is too large",
                        http -> http.send(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE))),
                step("a connection's window that grows by nothing", http -> http.send(WINDOW_UPDATE, 0, 0, number(0))),
                step("a frame that is too large", http -> http.send(PING, 0, 0, new byte[20_000])),
                step(
                        "more padding than there is",
                        http -> http.request(1, "POST", "/", END_HEADERS).send(DATA, PADDED, 1, new byte[] {100, 0})),
                step(
                        "fields that are no HPACK",
                        http -> http.send(HEADERS, WHOLE, 1, new byte[] {-1, -1, -1, -1, -1, -1})),
                step("a continuation of nothing", http -> http.send(CONTINUATION, END_HEADERS, 1, new byte[0])),
                step(
                        "a continuation of another stream",
                        http -> http.request(1, "GET", "/", END_STREAM)
                                .send(CONTINUATION, END_HEADERS, 3, new byte[0])),
                step(
                        "a ping within fields",
                        http -> http.request(1, "GET", "/", END_STREAM).send(PING, 0, 0, new byte[8])),
                step("a flood of continuations", http -> {
                    http.request(1, "GET", "/", END_STREAM);
                    for (int i = 0; i < 2000; i++) {
                        http.send(CONTINUATION, 0, 1, RawHttp2.block("x" + i, "y".repeat(1000)));
                    }
                }),
                step("a flood of empty continuations", http -> {
                    http.request(1, "GET", "/", END_STREAM);
                    for (int i = 0; i < 20_000; i++) {
                        http.send(CONTINUATION, 0, 1, new byte[0]);
                    }
                }),
                step("a flood of empty data", http -> {
                    http.request(1, "POST", "/", END_HEADERS);
                    for (int i = 0; i < 20_000; i++) {
                        http.send(DATA, 0, 1, new byte[0]);
                    }
                }),
                step("a flood of pings that takes no answers", http -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        http.send(PING, 0, 0, new byte[8]);
                    }
                }),
                step("a flood of settings that takes no answers", http -> {
                    for (int i = 0; i < 1_000_000; i++) {
                        http.send(SETTINGS, 0, 0, new byte[0]);
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void an_error_of_the_connection_ends_it(Step step) throws IOException {
        try (RawHttp2 http = open()) {
            try {
                step.client().send(http);
            } catch (IOException cut) {
                return; // While it was still sending.
            }
            assertThat(http.await(GOAWAY).error()).isNotEqualTo(NO_ERROR);
            assertThat(http.ends()).isTrue();
        }
    }

    @Test
    void a_client_that_vanishes_in_the_middle_of_anything_harms_nobody() throws IOException {
        for (Step step : Stream.of(ignored(), malformed(), errors().limit(24))
                .flatMap(all -> all)
                .toList()) {
            try (RawHttp2 http = open(INITIAL_WINDOW_SIZE, 0)) {
                step.client().send(http);
            } catch (IOException cut) {
                // Some of it ends the connection.
            }
        }
    }

    // Bounds.

    @Test
    void ten_responses_of_12_kb_arrive_on_one_connection() throws IOException {
        try (RawHttp2 http = open()) {
            for (int i = 0; i < 10; i++) {
                http.get(2 * i + 1, LARGE);
            }
            Set<Integer> open = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                open.add(2 * i + 1);
            }
            int bytes = 0;
            while (!open.isEmpty()) {
                RawHttp2.Frame frame = http.read();
                assertThat(frame.type()).isNotIn(RST_STREAM, GOAWAY);
                if (frame.type() == DATA && frame.payload().length() > 0) {
                    bytes += frame.payload().length();
                    http.send(WINDOW_UPDATE, 0, 0, number(frame.payload().length()));
                }
                if (frame.endsStream()) {
                    open.remove(frame.stream());
                }
            }
            assertThat(bytes).isGreaterThan(10 * 12_000);
        }
    }

    @Test
    void streams_whose_windows_are_closed_end_at_their_deadline_one_by_one_while_others_are_served()
            throws IOException {
        try (RawHttp2 http = open(INITIAL_WINDOW_SIZE, 0);
                RawHttp2 other = open()) {
            Set<Integer> open = new HashSet<>();
            for (int stream = 1; stream < 200; stream += 2) {
                http.get(stream, LARGE);
                open.add(stream);
            }
            assertIsServed(other);
            while (!open.isEmpty()) {
                RawHttp2.Frame frame = http.read();
                assertThat(frame.type()).as("with %s open", open).isNotEqualTo(GOAWAY);
                if (frame.endsStream()) {
                    open.remove(frame.stream());
                }
            }
            // The connection has not ended with them.
            http.request(201, "HEAD", SMALL, WHOLE);
            RawHttp2.Frame end = http.awaitEnd(201);
            assertThat(end.type()).as("%s", end).isNotIn(RST_STREAM, GOAWAY);
        }
    }

    @Test
    void a_response_to_head_has_a_head_and_no_content() throws IOException {
        try (RawHttp2 http = open()) {
            int stream = -1;
            for (String path : new String[] {SMALL, LARGE, "/nothing", "/ws"}) {
                stream += 2;
                RawHttp2.Frame end = http.request(stream, "HEAD", path, WHOLE).awaitEnd(stream);
                assertThat(end.type()).as(path).isEqualTo(HEADERS);
            }
            assertIsServed(http);
        }
    }

    @Test
    void a_thousand_requests_in_turn_are_answered() throws IOException {
        try (RawHttp2 http = open()) {
            for (int stream = 1; stream < 2000; stream += 2) {
                assertThat(http.request(stream, "HEAD", SMALL, WHOLE)
                                .awaitEnd(stream)
                                .type())
                        .isNotIn(RST_STREAM, GOAWAY);
            }
        }
    }

    @Test
    void a_connection_goes_away_after_its_response_while_the_service_terminates() throws IOException {
        try (var ending = RunningResound.start(certificate.settings(
                        "drain.delay", "1m", "websocket.handshake-timeout", TIMEOUT_MILLIS + "ms"));
                RawHttp2 http = RawHttp2.open(ending.port(), certificate.client())) {
            assertThat(http.get(1, SMALL).await(HEADERS).status()).isEqualTo(200);
            http.awaitEnd(1);
            ending.main().drain();
            http.get(3, SMALL);
            Set<Integer> answered = new HashSet<>();
            RawHttp2.Frame frame = http.read();
            for (; frame.type() != GOAWAY; frame = http.read()) {
                if (frame.type() == HEADERS) {
                    answered.add(frame.stream());
                }
            }
            assertThat(frame.error()).isEqualTo(NO_ERROR);
            // The first response may have been complete only after the drain had begun: then the other one is for
            // another connection.
            boolean promised = frame.payload().getInt(0) >= 3;
            if (promised && !answered.contains(3)) {
                assertThat(http.await(HEADERS).stream()).isEqualTo(3);
            } else {
                assertThat(answered.contains(3)).isEqualTo(promised);
            }
            assertThat(http.ends()).isTrue();
        }
    }
}
