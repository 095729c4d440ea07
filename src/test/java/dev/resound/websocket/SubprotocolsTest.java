package dev.resound.websocket;

import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.ScriptedFeed;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.websocket.handshake.HandshakeOutcome;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which subprotocol a client gets (RFC 6455 sections 1.9 and 4.2.2). */
@OnEveryTransport
record SubprotocolsTest(TestTransport transport) {

    @ParameterizedTest
    @ValueSource(
            strings = {"chat", "chat, superchat", "RESOUND.TELEMETRY.V1", "resound.telemetry.v2", "", ",,", "resound"})
    void a_handshake_that_offers_only_unknown_subprotocols_is_accepted_without_one(String offer) {
        try (var server = ObservedServer.start(transport);
                var client = offer(server, offer)) {
            assertThat(client.head()).doesNotContainIgnoringCase("sec-websocket-protocol");
            client.send(text("echo")).expect(text("echo"));
        }
    }

    @Test
    void the_first_known_subprotocol_of_the_client_is_chosen() {
        try (var server = ObservedServer.start(transport);
                var client = offer(server, "chat, resound.echo.v1, resound.telemetry.v1")) {
            assertThat(client.head()).containsIgnoringCase("\r\nsec-websocket-protocol: resound.echo.v1\r\n");
        }
    }

    @Test
    void offers_may_be_spread_over_several_headers() {
        try (var server = ObservedServer.start(transport);
                var client = server.request(
                                "Sec-WebSocket-Protocol: chat", "Sec-WebSocket-Protocol: resound.telemetry.v1")
                        .expectUpgrade()) {
            client.expect(text(ScriptedFeed.HELLO));
        }
    }

    @Test
    void the_echo_subprotocol_sends_a_greeting_and_then_echoes() {
        try (var server = ObservedServer.start(transport);
                var client = offer(server, "resound.echo.v1")) {
            client.expect(text(ScriptedFeed.GREETING));
            client.send(text("one"), text("")).expect(text("one"), text(""));
            assertThat(server.observer.sent).hasValue(3);
        }
    }

    @Test
    void the_subprotocol_whoami_sends_the_handshake_as_explain_shows_it_and_then_echoes() {
        try (var server = ObservedServer.start(transport, "compression", "true", "trusted-proxies", "127.0.0.1");
                var client = server.openWith(
                        "token=secret&keep-alive=off",
                        "Sec-WebSocket-Protocol: resound.whoami.v1",
                        "Origin: https://page.example",
                        "X-Forwarded-For: 192.0.2.7",
                        "Cookie: secret")) {
            assertThat(client.head()).containsIgnoringCase("\r\nsec-websocket-protocol: resound.whoami.v1\r\n");
            String text = new String(client.read().payload(), StandardCharsets.UTF_8);
            assertThat(text).doesNotContain("secret");
            var whoami = new JsonObject(text);
            assertThat(whoami.fieldNames())
                    .containsExactly(
                            "type",
                            "verdict",
                            "instance",
                            "version",
                            "request",
                            "handshake",
                            "rules",
                            "origin",
                            "forwarded",
                            "protocol",
                            "extensions",
                            "faults",
                            "capacity",
                            "draining",
                            "keepAlive");
            assertThat(whoami.getString("type")).isEqualTo("whoami");
            assertThat(whoami.getJsonObject("verdict").getString("outcome")).isEqualTo("accepted");
            assertThat(whoami.getJsonObject("request").getString("client")).isEqualTo("192.0.2.7");
            assertThat(whoami.getJsonObject("request").getString("version"))
                    .isEqualTo(transport.isHttp2() ? "HTTP/2" : "HTTP/1.1");
            assertThat(whoami.getJsonObject("request").getBoolean("tls")).isEqualTo(transport.isEncrypted());
            assertThat(whoami.getJsonObject("origin").getString("sent")).isEqualTo("https://page.example");
            assertThat(whoami.getJsonObject("keepAlive").getDouble("interval")).isZero();
            client.send(text("one"), text("")).expect(text("one"), text(""));
        }
    }

    @Test
    void without_explain_whoami_is_an_unknown_subprotocol() {
        try (var server = ObservedServer.start(transport, "explain", "false");
                var client = offer(server, "resound.whoami.v1")) {
            assertThat(client.head()).doesNotContainIgnoringCase("sec-websocket-protocol");
            client.send(text("echo")).expect(text("echo"));
        }
    }

    @Test
    void a_disabled_feed_is_an_unknown_subprotocol() {
        try (var server = ObservedServer.start(transport)) {
            server.feed.enabled = false;
            try (var client = offer(server, "resound.telemetry.v1")) {
                assertThat(client.head()).doesNotContainIgnoringCase("sec-websocket-protocol");
                client.send(text("echo")).expect(text("echo"));
            }
        }
    }

    @Test
    void the_feed_has_its_own_list_of_origins() {
        try (var server = ObservedServer.start(transport, "allowed-origins", "https://page.example")) {
            server.feed.allowedOrigins = List.of("https://board.example");
            feed(server, "https://board.example").expectUpgrade().close();
            feed(server, "https://page.example").expectStatus(403).close();
            echo(server, "https://page.example").expectUpgrade().close();
            echo(server, "https://board.example").expectStatus(403).close();
            assertThat(server.observer.handshakes)
                    .containsExactly(
                            HandshakeOutcome.ACCEPTED,
                            HandshakeOutcome.ORIGIN,
                            HandshakeOutcome.ACCEPTED,
                            HandshakeOutcome.ORIGIN);
        }
    }

    @Test
    void a_change_of_the_feeds_origins_applies_to_the_next_handshake() {
        try (var server = ObservedServer.start(transport)) {
            feed(server, "https://a.example").expectUpgrade().close();
            server.feed.allowedOrigins = List.of("https://b.example");
            feed(server, "https://a.example").expectStatus(403).close();
        }
    }

    @Test
    void a_required_origin_is_required_for_the_feed_too() {
        try (var server = ObservedServer.start(transport, "require-origin", "true");
                var client = server.request("Sec-WebSocket-Protocol: resound.telemetry.v1")) {
            client.expectStatus(403);
        }
    }

    private WireClient feed(ObservedServer server, String origin) {
        return server.request("Origin: " + origin, "Sec-WebSocket-Protocol: resound.telemetry.v1");
    }

    private WireClient echo(ObservedServer server, String origin) {
        return server.request("Origin: " + origin);
    }

    private WireClient offer(ObservedServer server, String protocols) {
        return server.request("Sec-WebSocket-Protocol: " + protocols).expectUpgrade();
    }
}
