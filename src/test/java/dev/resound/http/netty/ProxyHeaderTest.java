package dev.resound.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import dev.resound.test.WireClient;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that begin with a PROXY protocol header, and those that should. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyHeaderTest {

    private static final String EXPLAIN = "GET /ws?explain HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0D0A0D0A000D0A515549540A");
    private static final int TIMEOUT_MILLIS = 500;

    /** The TCP peer. */
    private static final String PEER = "127.0.0.1";

    // The second byte behind the signature: the family, then the transport.
    private static final int TCP4 = 0x11;
    private static final int UDP4 = 0x12;
    private static final int TCP6 = 0x21;
    private static final int UNIX = 0x31;
    private static final int UNSPECIFIED = 0x00;

    private static final byte[] ADDRESSES4 = HexFormat.of().parseHex("C6336401" + "7F000001" + "1267" + "1F90");
    private static final byte[] ADDRESSES6 = HexFormat.of()
            .parseHex("20010DB8000000000000000000000001" + "00000000000000000000000000000001" + "1267" + "1F90");

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;
    private static RunningResound plain;
    private static RunningResound tls;

    @BeforeAll
    static void start() {
        certificate = TestCertificate.ec(directory, "resound");
        String[] settings = {"http.proxy-protocol", "true", "websocket.handshake-timeout", TIMEOUT_MILLIS + "ms"};
        plain = RunningResound.start(settings);
        tls = RunningResound.start(certificate.settings(settings));
    }

    @AfterAll
    static void stop() {
        plain.close();
        tls.close();
    }

    /** A header of version 2; addresses and type-length-values come after its length. */
    private static byte[] v2(int command, int family, byte[] addresses, byte[] tlvs) {
        return ByteBuffer.allocate(SIGNATURE.length + 4 + addresses.length + tlvs.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) (addresses.length + tlvs.length))
                .put(addresses)
                .put(tlvs)
                .array();
    }

    private static byte[] proxy(int family, byte[] addresses) {
        return v2(0x21, family, addresses, new byte[0]);
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** So many bytes of values of a type for private use. */
    private static byte[] tlvs(int bytes) {
        ByteBuffer all = ByteBuffer.allocate(bytes);
        while (all.hasRemaining()) {
            int length = Math.min(all.remaining() - 3, 500);
            if (all.remaining() - 3 - length < 3) {
                length = all.remaining() - 3;
            }
            all.put((byte) 0xE0).putShort((short) length).position(all.position() + length);
        }
        return all.array();
    }

    private static byte[] unix(String source) {
        return ByteBuffer.allocate(216)
                .put(source.getBytes(StandardCharsets.US_ASCII))
                .position(216)
                .array();
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of("1 TCP4", v1("PROXY TCP4 198.51.100.1 127.0.0.1 4711 8080"), "198.51.100.1"),
                Arguments.of("1 TCP6", v1("PROXY TCP6 2001:db8::1 ::1 4711 8080"), "2001:db8::1"),
                Arguments.of("1 UNKNOWN", v1("PROXY UNKNOWN"), PEER),
                Arguments.of("1 UNKNOWN with addresses", v1("PROXY UNKNOWN 198.51.100.1 127.0.0.1 1 2"), PEER),
                Arguments.of("2 TCP4", proxy(TCP4, ADDRESSES4), "198.51.100.1"),
                Arguments.of("2 TCP6", proxy(TCP6, ADDRESSES6), "2001:db8::1"),
                Arguments.of("2 UDP4", proxy(UDP4, ADDRESSES4), "198.51.100.1"),
                Arguments.of("2 unspecified", proxy(UNSPECIFIED, new byte[0]), PEER),
                Arguments.of("2 AF_UNIX", proxy(UNIX, unix("/run/proxy.sock")), PEER),
                Arguments.of("2 AF_UNIX without names", proxy(UNIX, unix("")), PEER),
                Arguments.of("2 AF_UNIX that looks like an address", proxy(UNIX, unix("198.51.100.1")), PEER),
                Arguments.of("2 LOCAL", v2(0x20, UNSPECIFIED, new byte[0], new byte[0]), PEER),
                Arguments.of("2 LOCAL with addresses", v2(0x20, TCP4, ADDRESSES4, new byte[0]), PEER),
                Arguments.of("2 with 100 bytes of TLVs", v2(0x21, TCP4, ADDRESSES4, tlvs(100)), "198.51.100.1"),
                Arguments.of("2 with 2048 bytes of TLVs", v2(0x21, TCP4, ADDRESSES4, tlvs(2048)), "198.51.100.1"));
    }

    private static InetAddress addressIn(WireClient client) {
        client.expectStatus(200);
        return InetAddress.ofLiteral(
                new JsonObject(client.readBody()).getJsonObject("request").getString("client"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void a_header_tells_the_clients_address(String name, byte[] header, String address) {
        try (WireClient client = WireClient.tcp(plain.port()).send(header).send(EXPLAIN)) {
            assertThat(addressIn(client)).isEqualTo(InetAddress.ofLiteral(address));
            // It is asked again, as the header is that of the connection.
            assertThat(addressIn(client.send(EXPLAIN))).isEqualTo(InetAddress.ofLiteral(address));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void the_header_and_the_request_may_come_together(String name, byte[] header, String address) {
        try (WireClient client = WireClient.tcp(plain.port()).send(join(header, EXPLAIN))) {
            assertThat(addressIn(client)).isEqualTo(InetAddress.ofLiteral(address));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void the_header_stands_in_front_of_tls(String name, byte[] header, String address) {
        try (WireClient client = WireClient.tcp(tls.port())
                .send(header)
                .startTls(certificate.client())
                .send(EXPLAIN)) {
            assertThat(addressIn(client)).isEqualTo(InetAddress.ofLiteral(address));
        }
    }

    @Test
    void a_header_may_come_byte_by_byte() {
        for (byte[] header : List.of(v1("PROXY TCP4 198.51.100.1 127.0.0.1 4711 8080"), proxy(TCP4, ADDRESSES4))) {
            try (WireClient client = WireClient.tcp(plain.port())) {
                for (byte octet : header) {
                    client.send(new byte[] {octet});
                }
                assertThat(addressIn(client.send(EXPLAIN))).isEqualTo(InetAddress.ofLiteral("198.51.100.1"));
            }
        }
    }

    @Test
    void a_websocket_may_follow_at_once() {
        try (WireClient client =
                WireClient.tcp(plain.port()).send(join(proxy(TCP4, ADDRESSES4), WireClient.request()))) {
            client.expectUpgrade();
        }
    }

    static Stream<Arguments> none() {
        return Stream.of(
                Arguments.of("a request", EXPLAIN.getBytes(StandardCharsets.US_ASCII)),
                Arguments.of("a TLS handshake", HexFormat.of().parseHex("160301020001000001fc0303" + "00".repeat(40))),
                Arguments.of("another word", v1("PROXIES TCP4 198.51.100.1 127.0.0.1 4711 8080")),
                Arguments.of("another protocol", v1("PROXY SCTP 198.51.100.1 127.0.0.1 4711 8080")),
                Arguments.of("no address", v1("PROXY TCP4 localhost 127.0.0.1 4711 8080")),
                Arguments.of("no port", v1("PROXY TCP4 198.51.100.1 127.0.0.1 99999 8080")),
                Arguments.of(
                        "no end of the line", ("PROXY TCP4 " + "1".repeat(200)).getBytes(StandardCharsets.US_ASCII)),
                Arguments.of("version 3", v2(0x31, TCP4, ADDRESSES4, new byte[0])),
                Arguments.of("an unknown command", v2(0x2F, TCP4, ADDRESSES4, new byte[0])),
                Arguments.of("an unknown family", v2(0x21, 0x71, ADDRESSES4, new byte[0])),
                Arguments.of("addresses that are too short", v2(0x21, TCP6, ADDRESSES4, new byte[0])),
                Arguments.of("TLVs that are too long", v2(0x21, TCP4, ADDRESSES4, tlvs(2049))),
                Arguments.of("a great many TLVs", v2(0x21, TCP4, ADDRESSES4, tlvs(60_000))),
                Arguments.of(
                        "a TLV that is longer than the header",
                        v2(0x21, TCP4, ADDRESSES4, new byte[] {(byte) 0xE0, 0x7F, 0, 1})));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("none")
    void what_is_no_header_ends_the_connection_without_a_byte(String name, byte[] bytes) {
        for (RunningResound resound : List.of(plain, tls)) {
            try (WireClient client = WireClient.tcp(resound.port()).sendInVain(bytes)) {
                assertEndsSilently(client);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PROXY TCP4 198.51.100.1", "\r\n\r\n\0\r\nQUIT\n"})
    void silence_in_front_of_or_within_a_header_is_ended_at_the_deadline(String begun) {
        for (RunningResound resound : List.of(plain, tls)) {
            long start = System.nanoTime();
            try (WireClient client = WireClient.tcp(resound.port()).send(begun)) {
                assertEndsSilently(client);
            }
            assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThan(TIMEOUT_MILLIS - 200);
        }
    }

    @Test
    void a_second_header_is_no_request() {
        byte[] header = v1("PROXY TCP4 198.51.100.1 127.0.0.1 4711 8080");
        try (WireClient client = WireClient.tcp(plain.port()).send(header).send(join(header, EXPLAIN))) {
            client.expectStatus(400).readBody();
            client.expectEnd();
        }
    }

    /** A reset is as good as an end here: bytes may be unread. */
    private static void assertEndsSilently(WireClient client) {
        try {
            assertThat(client.readToEnd()).isEmpty();
        } catch (UncheckedIOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void connections_that_wait_for_a_header_are_bounded_and_the_eldest_ends() {
        try (var server = GuardedServer.start(4, true)) {
            List<WireClient> silent = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                silent.add(server.connect());
                server.awaitWaiting(Math.min(4, i + 1));
            }
            silent.subList(0, 8).forEach(WireClient::expectEnd);
            for (WireClient client : silent.subList(8, 12)) {
                client.send(join(proxy(TCP4, ADDRESSES4), "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
                        .expectStatus(200);
            }
            silent.forEach(WireClient::close);
        }
    }

    @Test
    void clients_behind_one_proxy_are_told_apart() {
        String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        try (var server = GuardedServer.start(3, true);
                WireClient first = server.connect()) {
            // Its response proves that the header has been read; before that, all have the proxy's address.
            first.send(join(v1("PROXY TCP4 198.51.100.1 127.0.0.1 1 2"), request))
                    .expectStatus(200)
                    .readBody();
            List<WireClient> flood = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                flood.add(server.connect().send(v1("PROXY TCP4 198.51.100.2 127.0.0.1 1 2")));
            }
            // Which of the flood end depends on whether their headers had been read.
            server.awaitWaiting(3);
            first.send(request).expectStatus(200);
            flood.forEach(WireClient::close);
        }
    }

    private static byte[] join(byte[] header, String request) {
        var both = new ByteArrayOutputStream();
        both.writeBytes(header);
        both.writeBytes(request.getBytes(StandardCharsets.US_ASCII));
        return both.toByteArray();
    }
}
