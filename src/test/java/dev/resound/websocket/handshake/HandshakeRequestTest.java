package dev.resound.websocket.handshake;

import static dev.resound.websocket.handshake.HandshakeFixtures.headers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.protocol.DeflateParameters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeRequestTest {

    private static HandshakeRequest get(String... namesAndValues) {
        return HandshakeFixtures.get(headers(namesAndValues));
    }

    private static HandshakeRequest from(String peer, String... namesAndValues) {
        var settings = new HandshakeSettings(
                List.of(), Map.of(), false, List.of("10.0.0.0/8"), 56, true, true, true, Optional.empty());
        return HandshakeFixtures.request(settings, peer, HandshakeFixtures.http(headers(namesAndValues)));
    }

    private static HandshakeRequest withTarget(String target) {
        return HandshakeFixtures.request(HttpMethod.GET, target, HttpVersion.HTTP_1_1, headers());
    }

    @Test
    void a_token_is_found_whole_on_any_line_of_a_header() {
        HandshakeRequest request =
                get("Connection", "keep-alive", "connection", ",x ,UPGRADE", "Connection", "no-close");
        assertThat(request.hasToken("Connection", "upgrade")).isTrue();
        assertThat(request.hasToken("Connection", "keep-alive")).isTrue();
        assertThat(request.hasToken("Connection", "close")).isFalse();
        assertThat(request.hasToken("Upgrade", "upgrade")).isFalse();
    }

    @Test
    void a_length_or_a_transfer_coding_announces_a_body() {
        assertThat(get().hasBody()).isFalse();
        assertThat(get("Transfer-Encoding", "chunked").hasBody()).isTrue();
        assertThat(get("Transfer-Encoding", "").hasBody()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", " 0", "0 ", "00"})
    void a_length_of_zero_announces_no_body(String length) {
        assertThat(get("Content-Length", length).hasBody()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "10", "", " ", "-0", "+0", "0x0", "0, 0"})
    void any_other_length_announces_a_body(String length) {
        assertThat(get("Content-Length", length).hasBody()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"HTTP_1_0, HTTP/1.0", "HTTP_1_1, HTTP/1.1", "HTTP_2, HTTP/2"})
    void the_version_is_named_as_rfc_9110_writes_it(HttpVersion version, String name) {
        assertThat(HandshakeFixtures.request(HttpMethod.GET, "/ws", version, headers())
                        .versionName())
                .isEqualTo(name);
    }

    @Test
    void the_position_of_an_error_in_the_target_is_reported() {
        assertThat(withTarget("/ws?a=b").targetErrorIndex()).isEmpty();
        assertThat(withTarget("/ws?a=|").targetErrorIndex()).hasValue(6);
        assertThat(withTarget("|").targetErrorIndex()).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1,       ,             192.0.2.1:4711",
        "2001:db8::1,     ,             '[2001:db8::1]:4711'",
        "10.0.0.1,        198.51.100.1, 198.51.100.1",
        "10.0.0.1,        2001:db8::1,  2001:db8::1",
        "10.0.0.1,        unknown,      10.0.0.1:4711",
        "192.0.2.1,       198.51.100.1, 192.0.2.1:4711",
    })
    void the_remote_address_has_a_port_only_if_the_client_is_the_peer(String peer, String forwarded, String remote) {
        HandshakeRequest request = forwarded == null ? from(peer) : from(peer, "X-Forwarded-For", forwarded);
        assertThat(request.remoteAddress()).isEqualTo(remote);
    }

    @Test
    void an_ipv6_client_is_counted_by_its_prefix() {
        assertThat(from("2001:db8:1:2345::1").countedAs()).hasToString("2001:db8:1:2300::/56");
        assertThat(from("10.0.0.1", "X-Forwarded-For", "198.51.100.1").countedAs())
                .hasToString("198.51.100.1");
    }

    @ParameterizedTest
    @CsvSource({
        ",                              ECHO",
        "chat,                          ECHO",
        "resound.echo.v1,               ECHO",
        "'chat, resound.telemetry.v1',  TELEMETRY",
    })
    void the_subprotocol_decides_what_the_connection_is_for(String offered, ConnectionKind kind) {
        HandshakeRequest request = offered == null ? get() : get("Sec-WebSocket-Protocol", offered);
        assertThat(request.kind()).isEqualTo(kind);
    }

    @Test
    void the_origin_for_the_log_is_the_header_and_truncated() {
        assertThat(get().origin()).isEmpty();
        assertThat(get("Origin", "https://a.com").origin()).contains("https://a.com");
        assertThat(get("Origin", "x".repeat(201)).origin()).contains("x".repeat(200) + "...");
    }

    @Test
    void compression_is_negotiated_only_if_it_is_enabled_and_offered_correctly() {
        var compressing = new HandshakeSettings(
                List.of(), Map.of(), false, List.of(), 64, true, true, true, Optional.of(DeflateSettings.DEFAULT));
        MultiMap offer = headers("Sec-WebSocket-Extensions", "permessage-deflate");
        assertThat(HandshakeFixtures.request(compressing, offer).compression())
                .contains(new DeflateNegotiation(
                        new DeflateParameters(true, true, 15, 16 * 1024 * 1024), "permessage-deflate"));
        assertThat(HandshakeFixtures.get(offer).compression()).isEmpty();
        assertThat(HandshakeFixtures.request(compressing, headers()).compression())
                .isEmpty();
        assertThat(HandshakeFixtures.request(compressing, headers("Sec-WebSocket-Extensions", "permessage-deflate;;"))
                        .compression())
                .isEmpty();
    }
}
