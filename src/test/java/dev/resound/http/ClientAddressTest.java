package dev.resound.http;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.WireFrame.close;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.CapturedLog;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

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

    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.ISO_8859_1);

    /** A PROXY header of version 2: the command, the address family with the protocol, and the addresses. */
    private static byte[] proxy2(int command, int family, byte... addresses) {
        return ByteBuffer.allocate(SIGNATURE.length + 4 + addresses.length)
                .put(SIGNATURE)
                .put((byte) (0x20 | command))
                .put((byte) family)
                .putShort((short) addresses.length)
                .put(addresses)
                .array();
    }

    private static byte[] proxy1(String header) {
        return ("PROXY " + header + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] unixAddresses(String path) {
        byte[] addresses = new byte[216];
        byte[] octets = path.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octets, 0, addresses, 0, octets.length);
        return addresses;
    }

    private static byte[] ipv6Addresses(String source) throws UnknownHostException {
        byte[] mapped = new byte[36];
        byte[] address = InetAddress.getByName(source).getAddress();
        if (address.length == 4) {
            mapped[10] = mapped[11] = (byte) 0xFF;
        }
        System.arraycopy(address, 0, mapped, 16 - address.length, address.length);
        mapped[32] = 0x12;
        mapped[33] = 0x34;
        mapped[34] = 0x1F;
        mapped[35] = (byte) 0x90;
        return mapped;
    }

    /** Headers, with the address that they mean; null for that of the TCP connection. */
    private static Stream<Arguments> proxyHeaders() throws UnknownHostException {
        byte[] ipv4 = {9, 8, 7, 6, 1, 2, 3, 4, 0x12, 0x34, 0x1F, (byte) 0x90};
        return Stream.of(
                Arguments.of(proxy1("TCP4 9.8.7.6 1.2.3.4 4660 8080"), "9.8.7.6"),
                Arguments.of(proxy1("TCP6 2001:DB8:0::1 ::1 4660 8080"), "2001:db8::1"),
                Arguments.of(proxy1("TCP6 ::ffff:9.8.7.6 ::1 4660 8080"), "9.8.7.6"),
                Arguments.of(proxy1("TCP6 0:0:0:0:0:FFFF:908:706 ::1 4660 8080"), "9.8.7.6"),
                Arguments.of(proxy1("UNKNOWN"), null),
                Arguments.of(proxy1("UNKNOWN 9.8.7.6 1.2.3.4 4660 8080"), null),
                Arguments.of(proxy2(1, 0x11, ipv4), "9.8.7.6"),
                Arguments.of(proxy2(1, 0x21, ipv6Addresses("2001:db8::1")), "2001:db8::1"),
                Arguments.of(proxy2(1, 0x21, ipv6Addresses("9.8.7.6")), "9.8.7.6"),
                Arguments.of(proxy2(1, 0x21, ipv6Addresses("fe80::1")), "fe80::1"),
                Arguments.of(proxy2(0, 0x11, ipv4), null),
                Arguments.of(proxy2(0, 0x00), null),
                Arguments.of(proxy2(1, 0x00), null),
                Arguments.of(proxy2(1, 0x00, ipv4), null),
                Arguments.of(proxy2(1, 0x31, unixAddresses("/run/fe.sock")), null),
                Arguments.of(proxy2(1, 0x31, unixAddresses("\0abstract")), null),
                Arguments.of(proxy2(1, 0x31, unixAddresses("")), null),
                Arguments.of(proxy2(1, 0x31, unixAddresses("127.0.0.1")), null));
    }

    @ParameterizedTest
    @MethodSource("proxyHeaders")
    void a_proxy_header_names_the_client_or_means_the_tcp_peer(byte[] header, @Nullable String told) {
        try (var resound = RunningResound.start("http.proxy-protocol", "true");
                var log = new CapturedLog("dev.resound.connection")) {
            String address = told == null ? "127.0.0.1" : told;
            JsonObject explanation = explain(resound, header);
            assertThat(explanation.getJsonObject("request").getString("peer")).isEqualTo(address);
            assertThat(explanation.getJsonObject("request").getString("client")).isEqualTo(address);
            for (int i = 0; i < 3; i++) {
                try (var client = WireClient.tcp(resound.port()).send(header).handshake()) {
                    int port = told == null ? client.localPort() : 4660;
                    String text = address.contains(":") ? "[" + address + "]" : address;
                    client.send(close(1000)).expect(close(1000)).expectEnd();
                    assertThat(log.lines()).anyMatch(line -> line.contains(" address=" + text + ":" + port + " "));
                }
            }
            await("every place was given back")
                    .until(() ->
                            explain(resound, header).getJsonObject("capacity").getInteger("open") == 0);
        }
    }

    private static JsonObject explain(RunningResound resound, byte[] before, String... headers) {
        try (var client = WireClient.tcp(resound.port())) {
            return new JsonObject(client.send(before)
                    .send(WireClient.request(headers).replace("/ws ", "/ws?explain "))
                    .expectStatus(200)
                    .readBody());
        }
    }

    @Test
    void all_of_an_ipv6_network_is_one_client_and_its_length_can_change_while_it_runs() {
        String header = "X-Forwarded-For: 2001:db8:0:%x::%x";
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "websocket.trusted-proxies", "127.0.0.0/8");
                var first = handshake(resound, header.formatted(1, 1)).expectUpgrade();
                var sameNetwork = handshake(resound, header.formatted(1, 2));
                var otherNetwork = handshake(resound, header.formatted(2, 1))) {
            sameNetwork.expectStatus(503);
            otherNetwork.expectUpgrade();
            JsonObject capacity =
                    explain(resound, new byte[0], header.formatted(1, 9)).getJsonObject("capacity");
            assertThat(capacity.getString("countedAs")).isEqualTo("2001:db8:0:1::/64");
            assertThat(capacity.getInteger("openFromClient")).isEqualTo(1);

            resound.change("websocket.ipv6-prefix-length", "128");
            try (var alone = handshake(resound, header.formatted(1, 2)).expectUpgrade();
                    var again = handshake(resound, header.formatted(1, 2))) {
                again.expectStatus(503);
                assertThat(alone.localPort()).isPositive();
            }
        }
    }

    @Test
    void a_mapped_address_is_the_ipv4_address() {
        try (var resound = RunningResound.start(
                        "websocket.max-connections-per-address", "1", "websocket.trusted-proxies", "::ffff:127.0.0.1");
                var first = handshake(resound, FIRST).expectUpgrade();
                var again = handshake(resound, "X-Forwarded-For: ::FFFF:198.51.100.1,");
                var hex = handshake(resound, "X-Forwarded-For: [::ffff:c633:6401]:4711")) {
            again.expectStatus(503);
            hex.expectStatus(503);
        }
    }
}
