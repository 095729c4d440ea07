package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShownHeadersTest {

    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private final RequestHead head = new RequestHead(HttpMethod.GET, "/ws", HttpVersion.HTTP_1_1, headers);

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
    void whatever_may_hold_a_secret_or_is_not_known_is_not_shown(String name) {
        headers.add(name, "secret");
        assertThat(ShownHeaders.of(head)).isEmpty();
    }

    @Test
    void the_clients_headers_come_before_those_of_proxies_each_under_its_usual_name() {
        headers.add("via", "1.1 edge").add("x-forwarded-for", "10.0.0.1").add("UPGRADE", "websocket");
        headers.add("host", "a");
        assertThat(ShownHeaders.of(head).keySet()).containsExactly("Host", "Upgrade", "X-Forwarded-For", "Via");
        assertThat(ShownHeaders.forwarded(head).keySet()).containsExactly("X-Forwarded-For", "Via");
    }

    @Test
    void a_header_that_came_more_than_once_is_shown_whole() {
        headers.add("Via", "1.1 a").add("Via", "1.1 b");
        assertThat(ShownHeaders.value(head, "Via")).contains("1.1 a, 1.1 b");
    }

    @Test
    void of_the_key_is_shown_only_whether_it_is_valid() {
        headers.add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(ShownHeaders.of(head)).containsEntry("Sec-WebSocket-Key", "valid");
        headers.set("Sec-WebSocket-Key", "secret");
        assertThat(ShownHeaders.of(head)).containsEntry("Sec-WebSocket-Key", "not valid");
    }

    @Test
    void a_long_value_is_cut() {
        headers.add("User-Agent", "x".repeat(200)).add("Origin", "x".repeat(201));
        assertThat(ShownHeaders.value(head, "User-Agent")).contains("x".repeat(200));
        assertThat(ShownHeaders.value(head, "Origin")).contains("x".repeat(200) + "...");
    }

    @Test
    void a_token_in_the_guise_of_a_sub_protocol_is_cut() {
        String token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJzZWNyZXQifQ";
        headers.add("Sec-WebSocket-Protocol", "resound.telemetry.v1 , bearer").add("Sec-WebSocket-Protocol", token);
        assertThat(ShownHeaders.protocols(head))
                .containsExactly("resound.telemetry.v1", "bearer", token.substring(0, 32) + "...");
        assertThat(ShownHeaders.of(head).get("Sec-WebSocket-Protocol")).doesNotContain(token.substring(33));
    }

    @Test
    void of_very_many_sub_protocols_the_first_are_shown() {
        headers.add(
                "Sec-WebSocket-Protocol",
                IntStream.range(0, 1000).mapToObj(Integer::toString).collect(Collectors.joining(",")));
        assertThat(ShownHeaders.protocols(head)).hasSize(20).endsWith("19");
    }
}
