package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownHeadersTest {

    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private final HandshakeRequest request = HandshakeFixtures.get(headers);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cookie",
                "Authorization",
                "Proxy-Authorization",
                "X-Forwarded-Access-Token",
                "X-Forwarded-User",
                "X-Forwarded-Client-Cert",
                "X-Forwarded-Uri",
                "X-Original-URL",
                "X-Api-Key",
                "Sec-WebSocket-Token",
                "Referer"
            })
    void a_header_that_is_not_on_the_lists_is_not_shown(String name) {
        headers.add(name, "secret");
        assertThat(ShownHeaders.of(request)).isEmpty();
    }

    @Test
    void the_clients_headers_come_before_those_of_proxies_each_under_its_usual_name() {
        headers.add("via", "1.1 edge").add("x-forwarded-for", "10.0.0.1").add("UPGRADE", "websocket");
        headers.add("host", "a");
        assertThat(ShownHeaders.of(request).keySet()).containsExactly("Host", "Upgrade", "X-Forwarded-For", "Via");
        assertThat(ShownHeaders.forwarded(request).keySet()).containsExactly("X-Forwarded-For", "Via");
    }

    @Test
    void all_values_of_a_repeated_header_are_shown() {
        headers.add("Via", "1.1 a").add("Via", "1.1 b");
        assertThat(ShownHeaders.value(request, "Via")).contains("1.1 a, 1.1 b");
    }

    @Test
    void the_key_is_shown_only_as_valid_or_not_valid() {
        headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(ShownHeaders.of(request)).containsEntry("Sec-WebSocket-Key", "valid");
        headers.set("Sec-WebSocket-Key", "secret");
        assertThat(ShownHeaders.of(request)).containsEntry("Sec-WebSocket-Key", "not valid");
    }

    @Test
    void a_long_value_is_truncated() {
        headers.add("User-Agent", "x".repeat(200)).add("Origin", "x".repeat(201));
        assertThat(ShownHeaders.value(request, "User-Agent")).contains("x".repeat(200));
        assertThat(ShownHeaders.value(request, "Origin")).contains("x".repeat(200) + "...");
    }

    @Test
    void a_token_sent_as_a_subprotocol_is_truncated() {
        String token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzZWNyZXQifQ";
        headers.add("Sec-WebSocket-Protocol", "resound.telemetry.v1 , bearer").add("Sec-WebSocket-Protocol", token);
        assertThat(ShownHeaders.protocols(request))
                .containsExactly("resound.telemetry.v1", "bearer", token.substring(0, 32) + "...");
        assertThat(ShownHeaders.of(request).get("Sec-WebSocket-Protocol")).doesNotContain(token.substring(33));
    }

    @Test
    void only_the_first_20_subprotocols_are_shown() {
        headers.add(
                "Sec-WebSocket-Protocol",
                IntStream.range(0, 1000).mapToObj(Integer::toString).collect(Collectors.joining(",")));
        assertThat(ShownHeaders.protocols(request)).hasSize(20).endsWith("19");
    }
}
