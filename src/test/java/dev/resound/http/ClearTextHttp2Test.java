package dev.resound.http;

import static dev.resound.test.RawHttp2.END_STREAM;
import static dev.resound.test.RawHttp2.HEADERS;
import static dev.resound.test.RawHttp2.SETTINGS;
import static dev.resound.test.WireFrame.text;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import dev.resound.test.Delivery;
import dev.resound.test.Http2Connection;
import dev.resound.test.HttpReply;
import dev.resound.test.RawHttp2;
import dev.resound.test.RunningResound;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 in clear text with prior knowledge (RFC 9113 3.3), on the port of HTTP/1.1. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClearTextHttp2Test {

    private static final int PREFACE = RawHttp2.preface().length;
    private static final byte[] PROXY_HEADER =
            HexFormat.of().parseHex("0D0A0D0A000D0A515549540A2111000CC63364017F00000112671F90");
    private static final String GET = "GET /favicon.svg HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static RunningResound resound;
    private static CapturedLog log;

    @BeforeAll
    static void start() {
        log = CapturedLog.ofAll();
        resound = RunningResound.start(TestTransport.H2C, "websocket.handshake-timeout", "500ms");
    }

    @AfterAll
    static void stop() {
        resound.close();
        log.close();
    }

    @AfterEach
    void both_versions_are_served_and_the_log_has_no_fault() throws IOException {
        assertThat(http1(GET.getBytes(US_ASCII)).status()).isEqualTo(200);
        try (var connection = Http2Connection.open(TestTransport.H2C, resound.port())) {
            connection.open().send(text("hi")).expect(text("hi"));
        }
        assertThat(log.faults()).isEmpty();
    }

    /** The only response to these bytes. */
    private static HttpReply http1(byte[] bytes) {
        try (WireClient client = WireClient.tcp(resound.port()).sendInVain(bytes)) {
            return HttpReply.all(client.readToEnd()).getFirst();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_preface_and_a_request_may_arrive_in_any_pieces(Delivery delivery) throws IOException {
        try (WireClient tcp = WireClient.tcp(resound.port())) {
            tcp.by(delivery)
                    .send(RawHttp2.preface())
                    .send(new byte[] {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0})
                    .send(RawHttp2.frame(
                            HEADERS,
                            RawHttp2.END_HEADERS | END_STREAM,
                            1,
                            RawHttp2.block(
                                    ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/favicon.svg")));
            RawHttp2 http = RawHttp2.over(tcp);
            assertThat(http.await(HEADERS).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 14, 18, 23, 24})
    void a_client_that_stops_within_or_behind_the_preface_is_ended_at_the_deadline(int bytes) {
        try (WireClient client = WireClient.tcp(resound.port()).send(Arrays.copyOf(RawHttp2.preface(), bytes))) {
            client.awaitEnd();
        }
        assertThat(PREFACE).isEqualTo(24);
    }

    /** The first byte that differs makes it a request of HTTP/1.1. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRI / HTTP/1.1\r\nHost: a\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
                "PRI * HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
            })
    void what_only_begins_like_the_preface_is_http1(String bytes) {
        assertThat(http1(bytes.getBytes(US_ASCII)).status()).isBetween(400, 505);
    }

    @Test
    void the_upgrade_to_h2c_is_not_supported_and_ignored() {
        HttpReply reply = http1("""
                GET /favicon.svg HTTP/1.1\r
                Host: a\r
                Connection: Upgrade, HTTP2-Settings, close\r
                Upgrade: h2c\r
                HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r
                \r
                """.getBytes(US_ASCII));
        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void the_preface_behind_a_request_of_http1_is_no_http2() {
        try (WireClient client = WireClient.tcp(resound.port())
                .send("GET /favicon.svg HTTP/1.1\r\nHost: a\r\n\r\n")
                .sendInVain(RawHttp2.preface())) {
            assertThat(HttpReply.all(client.readToEnd()))
                    .extracting(HttpReply::status)
                    .startsWith(200)
                    .hasSize(2)
                    .last()
                    .matches(status -> status >= 400);
        }
    }

    @Test
    void a_proxy_header_may_come_before_the_preface() {
        try (var proxied = RunningResound.start(TestTransport.H2C, "http.proxy-protocol", "true");
                var client = WireClient.tcp(proxied.port())
                        .send(PROXY_HEADER)
                        .startHttp2()
                        .handshake()) {
            client.send(text("hi")).expect(text("hi"));
            assertThat(log.lines()).anyMatch(line -> line.contains("opened") && line.contains("198.51.100.1:"));
        }
    }

    @Test
    void without_http2_the_preface_is_an_invalid_request_of_http1() {
        try (var off = RunningResound.start("websocket.http2", "false");
                WireClient client = WireClient.tcp(off.port()).sendInVain(RawHttp2.preface())) {
            assertThat(HttpReply.all(client.readToEnd())).singleElement().matches(reply -> reply.status() >= 400);
        }
    }
}
