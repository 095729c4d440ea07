package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeRulesTest {

    private static MultiMap good() {
        return MultiMap.caseInsensitiveMultiMap()
                .add("Host", "localhost")
                .add("Upgrade", "websocket")
                .add("Connection", "Upgrade")
                .add("Sec-WebSocket-Version", "13")
                .add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    private static Optional<Refusal> check(MultiMap headers) {
        return HandshakeRules.check(HttpMethod.GET, "/ws", HttpVersion.HTTP_1_1, headers);
    }

    @Test
    void a_handshake_as_browsers_send_it_is_good() {
        assertThat(check(good())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // header,              value,                       outcome,       status
        "Host,                  '',                          NOT_WEBSOCKET, 400",
        "Upgrade,               '',                          NOT_WEBSOCKET, 400",
        "Upgrade,               h2c,                         NOT_WEBSOCKET, 400",
        "Upgrade,               websocketx,                  NOT_WEBSOCKET, 400",
        "Connection,            keep-alive,                  NOT_WEBSOCKET, 400",
        "Connection,            upgrades,                    NOT_WEBSOCKET, 400",
        "Content-Length,        1,                           NOT_WEBSOCKET, 400",
        "Transfer-Encoding,     chunked,                     NOT_WEBSOCKET, 400",
        "Sec-WebSocket-Version, 12,                          VERSION,       426",
        "Sec-WebSocket-Version, '',                          VERSION,       426",
        "Sec-WebSocket-Version, '13, 8',                     VERSION,       426",
        "Sec-WebSocket-Key,     '',                          KEY,           400",
        "Sec-WebSocket-Key,     AAAA,                        KEY,           400",
        "Sec-WebSocket-Key,     AAAAAAAAAAAAAAAAAAAAAA,      KEY,           400",
        "Sec-WebSocket-Key,     AAAAAAAAAAAAAAAAAAAAAAA=,    KEY,           400",
        "Sec-WebSocket-Key,     AAAAAAAAAAAAAAAAAAAA,        KEY,           400",
    })
    void a_broken_header_is_named(String header, String value, HandshakeOutcome outcome, int status) {
        Refusal refusal = check(good().set(header, value)).orElseThrow();
        assertThat(refusal.outcome()).isEqualTo(outcome);
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.header()).isIn(header, "Content-Length");
        assertThat(refusal.detail()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({"Host", "Upgrade", "Connection", "Sec-WebSocket-Version", "Sec-WebSocket-Key"})
    void a_missing_header_is_named(String header) {
        assertThat(check(good().remove(header)).orElseThrow().header()).isEqualTo(header);
    }

    @ParameterizedTest
    @CsvSource({"Host", "Sec-WebSocket-Version", "Sec-WebSocket-Key"})
    void what_may_come_only_once_must_not_come_twice(String header) {
        MultiMap headers = good();
        assertThat(check(headers.add(header, headers.get(header))).orElseThrow().header())
                .isEqualTo(header);
    }

    @Test
    void any_other_method_is_answered_with_the_one_that_is_allowed() {
        for (String method : new String[] {"POST", "HEAD", "OPTIONS", "CONNECT", "get", "BREW"}) {
            Refusal refusal = HandshakeRules.check(HttpMethod.valueOf(method), "/ws", HttpVersion.HTTP_1_1, good())
                    .orElseThrow();
            assertThat(refusal.status()).isEqualTo(405);
            assertThat(refusal.answerHeaders()).containsEntry("Allow", "GET");
        }
    }

    @Test
    void only_http_1_1_can_be_upgraded() {
        assertThat(HandshakeRules.check(HttpMethod.GET, "/ws", HttpVersion.HTTP_1_0, good()))
                .isPresent();
        assertThat(HandshakeRules.check(HttpMethod.GET, "/ws", HttpVersion.HTTP_2, good()))
                .isPresent();
    }

    @Test
    void the_version_that_is_spoken_here_is_told() {
        Refusal refusal = check(good().set("Sec-WebSocket-Version", "7")).orElseThrow();
        assertThat(refusal.answerHeaders()).containsEntry("Sec-WebSocket-Version", "13");
    }

    @Test
    void the_target_must_be_a_uri() {
        assertThat(HandshakeRules.check(HttpMethod.GET, "/ws?a={b}", HttpVersion.HTTP_1_1, good()))
                .isPresent();
        assertThat(HandshakeRules.check(HttpMethod.GET, "/ws?a=%7Bb%7D", HttpVersion.HTTP_1_1, good()))
                .isEmpty();
    }
}
