package dev.resound.websocket.conformance;

import static dev.resound.test.WireClient.KEY;
import static dev.resound.test.WireClient.request;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Delivery;
import dev.resound.test.OnEveryHttp1Transport;
import dev.resound.test.WireClient;
import dev.resound.websocket.handshake.HandshakeOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 section 4.2: the server's side of the opening handshake over HTTP/1.1. {@link Rfc8441HandshakeTest} is for HTTP/2. */
@OnEveryHttp1Transport
class Section4HandshakeTest extends Conformance {

    @ParameterizedTest
    @EnumSource
    void the_accept_value_is_derived_from_the_key_however_the_request_arrives(Delivery delivery) {
        closeNormally(tcp().by(delivery)
                .send(request())
                .expectUpgrade()
                .send(text("hi"))
                .expect(text("hi")));
    }

    @Test
    void by_default_the_response_selects_neither_an_unknown_protocol_nor_an_extension() {
        WireClient client = tcp().send(request(
                        "Sec-WebSocket-Protocol: chat, superchat",
                        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"))
                .expectUpgrade();
        assertThat(client.head())
                .doesNotContainIgnoringCase("sec-websocket-protocol")
                .doesNotContainIgnoringCase("sec-websocket-extensions")
                .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                .containsIgnoringCase("\r\nconnection: upgrade\r\n");
        closeNormally(client);
    }

    @ParameterizedTest
    @EnumSource
    void frames_sent_together_with_the_handshake_are_echoed(Delivery delivery) {
        var frames = new java.io.ByteArrayOutputStream();
        frames.writeBytes(request().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        frames.writeBytes(text("first").bytes());
        frames.writeBytes(text("second").bytes());
        closeNormally(
                tcp().by(delivery).send(frames.toByteArray()).expectUpgrade().expect(text("first"), text("second")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: Upgrade",
                "Connection: upgrade",
                "Connection: keep-alive, Upgrade",
                "Connection: Upgrade,keep-alive",
                "Connection: keep-alive\r\nConnection: Upgrade",
                "Connection: ,, UPGRADE ,"
            })
    void the_connection_list_must_contain_upgrade(String connection) {
        closeNormally(
                tcp().send(request().replace("Connection: Upgrade", connection)).expectUpgrade());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket",
                "Upgrade: WebSocket",
                "Upgrade: foo, websocket",
                "Upgrade: foo\r\nUpgrade: websocket"
            })
    void the_upgrade_list_must_contain_websocket(String upgrade) {
        closeNormally(
                tcp().send(request().replace("Upgrade: websocket", upgrade)).expectUpgrade());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Host: localhost              |                                  | NOT_WEBSOCKET | 400",
                "Host: localhost              | Host:                            | NOT_WEBSOCKET | 400",
                "Host: localhost              | Host: a,Host: b                  | NOT_WEBSOCKET | 400",
                "Upgrade: websocket           |                                  | NOT_WEBSOCKET | 400",
                "Upgrade: websocket           | Upgrade: websockets              | NOT_WEBSOCKET | 400",
                "Upgrade: websocket           | Upgrade: web socket              | NOT_WEBSOCKET | 400",
                "Connection: Upgrade          |                                  | NOT_WEBSOCKET | 400",
                "Connection: Upgrade          | Connection: keep-alive           | NOT_WEBSOCKET | 400",
                "Connection: Upgrade          | Connection: no-upgrade           | NOT_WEBSOCKET | 400",
                "GET /ws HTTP/1.1             | GET /ws HTTP/1.0                 | NOT_WEBSOCKET | 400",
                "GET /ws HTTP/1.1             | GET /ws?a={b} HTTP/1.1           | NOT_WEBSOCKET | 400",
                "GET /ws HTTP/1.1             | POST /ws HTTP/1.1                | METHOD        | 405",
                "GET /ws HTTP/1.1             | HEAD /ws HTTP/1.1                | METHOD        | 405",
                "Sec-WebSocket-Version: 13    |                                  | VERSION       | 426",
                "Sec-WebSocket-Version: 13    | Sec-WebSocket-Version: 8         | VERSION       | 426",
                "Sec-WebSocket-Version: 13    | Sec-WebSocket-Version: 013       | VERSION       | 426",
                "Sec-WebSocket-Version: 13    | Sec-WebSocket-Version: 13; 8     | VERSION       | 426",
                "Sec-WebSocket-Version: 13    | Sec-WebSocket-Version: 13,Sec-WebSocket-Version: 8 | VERSION | 426",
            })
    void a_request_that_breaks_a_rule_is_refused(String line, String instead, HandshakeOutcome outcome, int status) {
        String replacement = instead == null ? "" : instead.replace(",", "\r\n") + "\r\n";
        server().observer.handshakes.clear();
        try (WireClient client = tcp()) {
            client.send(request().replace(line + "\r\n", replacement)).expectStatus(status);
            if (status == 426) {
                assertThat(client.head()).containsIgnoringCase("\r\nsec-websocket-version: 13\r\n");
            } else if (status == 405) {
                assertThat(client.head()).containsIgnoringCase("\r\nallow: GET\r\n");
            }
        }
        assertThat(server().observer.handshakes).containsExactly(outcome);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Sec-WebSocket-Key: ",
                "Sec-WebSocket-Key: x",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ===",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZTE=",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j",
                "Sec-WebSocket-Key: dGhl IHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25_ZQ==",
                "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Key: " + KEY,
            })
    void the_key_must_be_16_bytes_in_base64_once(String keyLine) {
        server().observer.handshakes.clear();
        try (WireClient client = tcp()) {
            client.send(request()
                            .replace("Sec-WebSocket-Key: " + KEY + "\r\n", keyLine.isEmpty() ? "" : keyLine + "\r\n"))
                    .expectStatus(400);
        }
        assertThat(server().observer.handshakes).isEqualTo(List.of(HandshakeOutcome.KEY));
    }

    @Test
    void a_refused_client_may_try_again_on_the_same_connection() {
        WireClient client = tcp().send(request().replace(KEY, "bad")).expectStatus(400);
        closeNormally(client.send(request()).expectUpgrade().send(text("hi")).expect(text("hi")));
    }

    @Test
    void a_handshake_may_follow_another_request_in_the_same_segment() {
        WireClient client = tcp().send("GET /other HTTP/1.1\r\nHost: localhost\r\n\r\n" + request())
                .expectStatus(400);
        closeNormally(client.expectUpgrade().send(text("hi")).expect(text("hi")));
    }

    @Test
    void a_handshake_with_a_body_is_refused() {
        try (WireClient client = tcp()) {
            client.send(request("Content-Length: 4") + "body").expectStatus(400);
        }
        try (WireClient client = tcp()) {
            client.send(request("Transfer-Encoding: chunked") + "0\r\n\r\n").expectStatus(400);
        }
        closeNormally(tcp().send(request("Content-Length: 0")).expectUpgrade());
    }

    private WireClient tcp() {
        return server().connect();
    }
}
