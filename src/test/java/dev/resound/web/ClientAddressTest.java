package dev.resound.web;

import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Behind a proxy the limit by address is one of clients, not of the proxy. */
@Timeout(60)
class ClientAddressTest {

    private static final String FIRST = "X-Forwarded-For: 198.51.100.1";
    private static final String SECOND = "X-Forwarded-For: 198.51.100.2";

    private static WireClient handshake(RunningResound resound, String header) {
        return WireClient.tcp(resound.port()).send(WireClient.request(header));
    }

    @Test
    void the_word_of_a_trusted_proxy_counts() {
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "websocket.trusted-proxies", "127.0.0.0/8");
                var first = handshake(resound, FIRST).expectUpgrade();
                var again = handshake(resound, FIRST);
                var second = handshake(resound, SECOND)) {
            again.expectStatus(503);
            second.expectUpgrade();
        }
    }

    @Test
    void nobody_elses_word_counts() {
        try (var resound = RunningResound.start("websocket.max-connections-per-address", "1");
                var first = handshake(resound, FIRST).expectUpgrade();
                var second = handshake(resound, SECOND)) {
            second.expectStatus(503);
        }
    }

    @Test
    void the_proxy_protocol_tells_the_address_before_the_request() {
        String header = "PROXY TCP4 198.51.100.%d 127.0.0.1 4711 8080\r\n";
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "http.proxy-protocol", "true");
                var first = WireClient.tcp(resound.port())
                        .send(header.formatted(1) + WireClient.request())
                        .expectUpgrade();
                var again = WireClient.tcp(resound.port()).send(header.formatted(1) + WireClient.request());
                var second = WireClient.tcp(resound.port()).send(header.formatted(2) + WireClient.request())) {
            again.expectStatus(503);
            second.expectUpgrade();
        }
    }

    @Test
    void where_the_proxy_protocol_is_on_a_request_without_it_is_not_heard() {
        try (var resound = RunningResound.start("http.proxy-protocol", "true", "websocket.handshake-timeout", "500ms");
                var bare = WireClient.tcp(resound.port()).send(WireClient.request());
                var silent = WireClient.tcp(resound.port())) {
            bare.expectEnd();
            silent.expectEnd();
        }
    }
}
