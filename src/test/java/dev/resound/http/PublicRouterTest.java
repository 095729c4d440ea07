package dev.resound.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.resound.test.RawHttp;
import dev.resound.test.RunningResound;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Which request gets which answer on the public port. */
class PublicRouterTest {

    private static final String[] HANDSHAKE = {
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };

    private static RunningResound resound;

    @BeforeAll
    static void start() {
        resound = RunningResound.start("websocket.allowed-origins", "https://client.com");
    }

    @AfterAll
    static void stop() {
        resound.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws", "/ws?token=1", "http://localhost/ws"})
    void a_handshake_at_the_path_is_accepted(String target) throws IOException {
        assertThat(exchange("GET " + target + " HTTP/1.1", HANDSHAKE).status()).isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/client/app.js", "/ws/", "/ws/x", "/WS", "/%77s", "//ws", "/metrics", "/livez"})
    void a_handshake_at_any_other_path_is_not_found(String path) throws IOException {
        assertProblem(exchange("GET " + path + " HTTP/1.1", HANDSHAKE), 404, "WebSockets are served at /ws");
    }

    @Test
    void websocket_among_other_upgrades_is_a_handshake_too() throws IOException {
        assertThat(exchange("GET / HTTP/1.1", "Connection: Upgrade", "Upgrade: h2c, WebSocket")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void another_upgrade_is_ignored() throws IOException {
        assertThat(exchange("GET / HTTP/1.1", "Connection: Upgrade", "Upgrade: h2c")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET,  Upgrade: h2c,               400, not-websocket, Upgrade,               h2c",
                "GET,  Connection: close,          400, not-websocket, Connection,            close",
                "POST, Connection: close,          405, method,        -,                     -",
                "HEAD, Connection: close,          405, method,        -,                     -",
                "GET,  Sec-WebSocket-Version: 12,  426, version,       Sec-WebSocket-Version, 12",
                "GET,  Sec-WebSocket-Key: abc,     400, key,           Sec-WebSocket-Key,     abc",
                "GET,  Origin: https://evil.com,   403, origin,        Origin,                https://evil.com",
            })
    void a_refused_handshake_names_the_rule_and_the_header(
            String method, String difference, int status, String rule, String header, String found) throws IOException {
        RawHttp.Answer answer = exchange(method + " /ws HTTP/1.1", handshakeWith(difference));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        if (!method.equals("HEAD")) {
            var problem = new JsonObject(answer.body());
            assertThat(problem.getString("rule")).isEqualTo(rule);
            assertThat(problem.getString("header")).isEqualTo(header);
            if (found != null) {
                assertThat(problem.getString("found")).isEqualTo(found);
            }
        }
    }

    @Test
    void a_refused_method_is_told_which_one_is_right() throws IOException {
        assertThat(exchange("POST /ws HTTP/1.1").header("Allow")).isEqualTo("GET");
    }

    @Test
    void a_refused_version_is_told_which_one_is_right() throws IOException {
        RawHttp.Answer answer = exchange("GET /ws HTTP/1.1", handshakeWith("Sec-WebSocket-Version: 8"));
        assertThat(answer.header("Sec-WebSocket-Version")).isEqualTo("13");
    }

    @Test
    void what_a_header_held_is_given_back_only_in_part() throws IOException {
        RawHttp.Answer answer = exchange("GET /ws HTTP/1.1", handshakeWith("Origin: https://" + "x".repeat(5000)));
        assertThat(new JsonObject(answer.body()).getString("found"))
                .hasSize(103)
                .endsWith("...");
    }

    @Test
    void a_refused_handshake_ends_its_connection_and_another_refused_request_does_not() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            assertThat(http.request("GET /nothing HTTP/1.1").status()).isEqualTo(404);
            assertThat(http.request("POST / HTTP/1.1").status()).isEqualTo(405);
            RawHttp.Answer answer = http.request("GET /ws HTTP/1.1");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(http.isAtEnd()).isTrue();
        }
    }

    @Test
    void pipelined_requests_are_answered_in_turn() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            http.send(
                    "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
                            + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(http.read().status()).isEqualTo(404);
            assertThat(http.read().status()).isEqualTo(405);
            assertThat(http.read().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r\n\r\n',                                    400",
        "'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',                       400",
        "'GET ? HTTP/1.1\r\nHost: a\r\n\r\n',                         400",
        "'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',                     404",
        "'GET nothing HTTP/1.1\r\nHost: a\r\n\r\n',                   404",
        "'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n',                 404",
        "'GET / HTTP/1.0\r\n\r\n',                                    200",
    })
    void an_odd_request_gets_an_answer(String request, int status) throws IOException {
        try (var http = new RawHttp(resound.port())) {
            http.send(request);
            RawHttp.Answer answer = http.read();
            assertThat(answer.status()).isEqualTo(status);
            if (status >= 400) {
                assertProblem(answer, status, new JsonObject(answer.body()).getString("detail"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'nonsense\r\n\r\n',                                                      400",
        "'\u0016\u0003\u0001\u0002\r\n\r\n',                                      400",
        "'GET / HTTP/9.9.9\r\nHost: a\r\n\r\n',                                   400",
        "'GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n',                         400",
        "'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',               400",
        "'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400",
        "'GET / HTTP/1.1\r\nHost: a\r\nBad\u0001Name: x\r\n\r\n',                 400",
    })
    void what_is_not_http_is_refused_and_ends_the_connection(String request, int status) throws IOException {
        try (var http = new RawHttp(resound.port())) {
            http.send(request);
            assertInvalid(http, status);
        }
    }

    @Test
    void a_request_line_that_is_too_long_is_refused() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            http.send("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
            assertInvalid(http, 414);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"one large header", "many small headers"})
    void headers_that_are_too_long_are_refused(String kind) throws IOException {
        String headers = kind.startsWith("one") ? "X: " + "x".repeat(9000) + "\r\n" : "X: 12345\r\n".repeat(2000);
        try (var http = new RawHttp(resound.port())) {
            http.send("GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
            assertInvalid(http, 431);
        }
    }

    @Test
    void a_request_at_fault_is_not_logged_as_an_error_of_ours() throws IOException {
        var logged = new ListAppender<ILoggingEvent>();
        logged.start();
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(logged);
        try (var noHost = new RawHttp(resound.port());
                var noHttp = new RawHttp(resound.port())) {
            noHost.send("GET / HTTP/1.1\r\n\r\n");
            assertThat(noHost.read().status()).isEqualTo(400);
            noHttp.send("nonsense\r\n\r\n");
            assertThat(noHttp.read().status()).isEqualTo(400);
            assertThat(noHttp.isAtEnd()).isTrue();
            // The connections of other tests may still be ending.
            assertThat(logged.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
        } finally {
            root.detachAppender(logged);
        }
    }

    private static void assertInvalid(RawHttp http, int status) throws IOException {
        RawHttp.Answer answer = http.read();
        assertProblem(answer, status, new JsonObject(answer.body()).getString("detail"));
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(http.isAtEnd()).isTrue();
    }

    private static void assertProblem(RawHttp.Answer answer, int status, String detail) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        var problem = new JsonObject(answer.body());
        assertThat(problem.fieldNames()).containsExactlyInAnyOrder("title", "status", "detail");
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("detail")).isEqualTo(detail);
        assertThat(answer.body()).doesNotContainIgnoringCase("exception", "vertx", "netty", "dev.resound", "\tat ");
    }

    /** The handshake with one header replaced or added. */
    private static String[] handshakeWith(String header) {
        String name = header.substring(0, header.indexOf(':') + 1);
        var others = Arrays.stream(HANDSHAKE).filter(line -> !line.startsWith(name));
        return Stream.concat(others, Stream.of(header)).toArray(String[]::new);
    }

    private static RawHttp.Answer exchange(String requestLine, String... headers) throws IOException {
        return RawHttp.exchange(resound.port(), requestLine, headers);
    }
}
