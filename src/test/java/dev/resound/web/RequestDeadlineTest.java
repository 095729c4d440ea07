package dev.resound.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.test.RunningResound;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection on the public port ends when it keeps the server waiting. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestDeadlineTest {

    private static final int TIMEOUT_MILLIS = 500;

    private static RunningResound resound;

    @BeforeAll
    static void start() {
        resound = RunningResound.start("websocket.handshake-timeout", TIMEOUT_MILLIS + "ms");
    }

    @AfterAll
    static void stop() {
        resound.close();
    }

    @Test
    void silence_after_connecting_is_ended_with_408() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            assertTimedOut(http);
        }
    }

    @Test
    void half_a_request_is_ended_with_408() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            http.send("GET /ws HTTP/1.1\r\nHost: a\r\nUpgr");
            assertTimedOut(http);
        }
    }

    @Test
    void a_request_that_drips_is_ended_with_408() throws Exception {
        try (var http = new RawHttp(resound.port())) {
            http.send("GET / HTTP/1.1\r\n");
            while (http.staysSilentFor(TIMEOUT_MILLIS / 10)) {
                http.send("X: y\r\n");
            }
            // The first byte of "HTTP/1.1 408" has been read.
            assertThat(http.read().status()).isEqualTo(408);
        }
    }

    @Test
    void silence_after_an_answer_is_ended_with_408() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            assertThat(http.request("GET / HTTP/1.1").status()).isEqualTo(200);
            assertTimedOut(http);
        }
    }

    @Test
    void silence_after_a_refused_handshake_is_ended_with_408() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            assertThat(http.request("GET /ws HTTP/1.1").status()).isEqualTo(400);
            assertTimedOut(http);
        }
    }

    @Test
    void a_body_that_never_comes_is_ended_with_408() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            assertThat(http.request("POST / HTTP/1.1", "Content-Length: 5").status())
                    .isEqualTo(405);
            assertTimedOut(http);
        }
    }

    @Test
    void a_body_that_comes_after_the_answer_does_not_end_the_watch() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            assertThat(http.request("POST / HTTP/1.1", "Content-Length: 5").status())
                    .isEqualTo(405);
            http.send("hello");
            assertTimedOut(http);
        }
    }

    @Test
    void requests_that_keep_coming_are_answered_for_longer_than_one_deadline() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            long end = System.nanoTime() + 3L * TIMEOUT_MILLIS * 1_000_000;
            while (System.nanoTime() < end) {
                assertThat(http.request("GET /client/app.js HTTP/1.1").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void a_client_that_takes_no_answers_is_cut() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            String requests = "GET /style.css HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            http.send(requests);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_websocket_may_stay_silent() throws IOException {
        try (var http = new RawHttp(resound.port())) {
            RawHttp.Answer answer = http.request(
                    "GET /ws HTTP/1.1",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
            assertThat(answer.status()).isEqualTo(101);
            assertThat(http.staysSilentFor(3 * TIMEOUT_MILLIS)).isTrue();
        }
    }

    private static void assertTimedOut(RawHttp http) throws IOException {
        RawHttp.Answer answer = http.read();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(http.isAtEnd()).isTrue();
    }
}
