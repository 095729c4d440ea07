package dev.resound.ip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.SmallStack;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4291 section 2.2 is what is read, RFC 5952 section 4 what is written. */
class IpAddressTest {

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4,                                 1.2.3.4",
        "0.0.0.0,                                 0.0.0.0",
        "255.255.255.255,                         255.255.255.255",
        "::ffff:1.2.3.4,                          1.2.3.4",
        "::FFFF:102:304,                          1.2.3.4",
        "0:0:0:0:0:ffff:1.2.3.4,                  1.2.3.4",
        "0000:0000:0000:0000:0000:ffff:0102:0304, 1.2.3.4",
        "::ffff:1.2.3.4%eth0,                     1.2.3.4",
        "::ffff:0:0,                              0.0.0.0",
        "::1,                                     ::1",
        "0:0:0:0:0:0:0:1,                         ::1",
        "::,                                      ::",
        "1::,                                     1::",
        "2001:DB8:0:0:1:0:0:1,                    2001:db8::1:0:0:1",
        "2001:db8:0:0:0:1:0:0,                    2001:db8::1:0:0",
        "2001:db8:0:1:1:1:1:1,                    2001:db8:0:1:1:1:1:1",
        "2001:0db8::0001,                         2001:db8::1",
        "1:0:0:2:0:0:0:3,                         1:0:0:2::3",
        "1:2:3:4:5:6:7::,                         1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8,                         0:2:3:4:5:6:7:8",
        "0:0:1:0:0:0:0:0,                         0:0:1::",
        "fe80::1%eth0,                            fe80::1",
        "fe80::1%25eth0,                          fe80::1",
        "64:ff9b::192.0.2.33,                     64:ff9b::c000:221",
        "::1.2.3.4,                               ::102:304",
        "::fffe:1.2.3.4,                          ::fffe:102:304",
        "0:0:0:0:1:ffff:1.2.3.4,                  ::1:ffff:102:304",
    })
    void an_address_has_one_text(String text, String canonical) {
        assertThat(ip(text)).hasToString(canonical).isEqualTo(ip(canonical)).hasSameHashCodeAs(ip(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.04",
                "1.2.3.0004",
                "1.2.3.-4",
                "1.2.3.4 ",
                "1.2.3.4%eth0",
                "1.2.3.4/8",
                "0x1.2.3.4",
                "16909060",
                "\u0661.2.3.4",
                ":",
                ":::",
                "1:::2",
                "::1::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7",
                "12345::",
                "g::",
                "::\uff11",
                "::1.2.3",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::01.2.3.4",
                "::1%",
                "%eth0",
                "[::1]",
                "localhost",
                "unknown",
            })
    void this_is_no_address(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void what_is_written_is_read_as_the_same_and_the_library_reads_it_so() throws UnknownHostException {
        var random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            // Many groups of zeros.
            long high = random.nextLong() & mask(random);
            long low = random.nextLong() & mask(random);
            var address = new IpAddress(high, low);
            assertThat(ip(address.toString())).isEqualTo(address);
            assertThat(IpAddress.of(SocketAddress.inetSocketAddress(
                            new InetSocketAddress(InetAddress.getByName(address.toString()), 1))))
                    .contains(address);
        }
    }

    private static long mask(SplittableRandom random) {
        long mask = 0;
        for (int group = 0; group < 4; group++) {
            mask = mask << 16 | (random.nextBoolean() ? 0xFFFF : 0);
        }
        return mask;
    }

    @Test
    void with_a_port_only_ipv6_is_in_brackets() {
        assertThat(ip("::ffff:1.2.3.4").withPort(80)).isEqualTo("1.2.3.4:80");
        assertThat(ip("0:0::1").withPort(80)).isEqualTo("[::1]:80");
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3.4,              1,   1.2.3.4",
        "::ffff:1.2.3.4,       64,  1.2.3.4",
        "2001:db8:1:2:3:4:5:6, 64,  2001:db8:1:2::/64",
        "2001:db8:1:2:3:4:5:6, 48,  2001:db8:1::/48",
        "2001:db8:1:2:3:4:5:6, 128, 2001:db8:1:2:3:4:5:6",
        "2001:db8:1:2:3:4:5:6, 127, 2001:db8:1:2:3:4:5:6/127",
        "2001:db8:1:2:3:4:5:7, 127, 2001:db8:1:2:3:4:5:6/127",
        "ffff::,               1,   8000::/1",
        "::1,                  64,  ::/64",
    })
    void a_limit_counts_ipv4_by_address_and_ipv6_by_prefix(String text, int prefix, String key) {
        assertThat(ip(text).key(prefix)).hasToString(key);
    }

    @Test
    void the_prefix_length_is_part_of_the_key() {
        assertThat(ip("2001:db8::").key(64)).isNotEqualTo(ip("2001:db8::").key(48));
    }

    @Test
    void no_ipv6_network_is_mistaken_for_ipv4() {
        assertThat(ip("::1").key(64)).isNotEqualTo(ip("0.0.0.1").key(64));
    }

    @Test
    void a_socket_without_an_ip_address_has_none() {
        assertThat(IpAddress.of(null)).isEmpty();
        assertThat(IpAddress.of(SocketAddress.domainSocketAddress("/run/x.sock")))
                .isEmpty();
        assertThat(IpAddress.of(SocketAddress.domainSocketAddress(""))).isEmpty();
        assertThat(IpAddress.of(SocketAddress.inetSocketAddress(80, "localhost")))
                .isEmpty();
        assertThat(IpAddress.of(SocketAddress.inetSocketAddress(80, "::FFFF:1.2.3.4")))
                .contains(ip("1.2.3.4"));
        assertThat(IpAddress.of(SocketAddress.inetSocketAddress(80, "0:0:0:0:0:ffff:102:304")))
                .contains(ip("1.2.3.4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", ":", "1:", "::", "1.", ".", "%", "a", "["})
    void eight_kilobytes_of_anything_are_read_on_a_small_stack(String piece) throws InterruptedException {
        String text = piece.repeat(8192);
        SmallStack.run(() -> {
            assertThat(IpAddress.parse(text)).isEmpty();
            assertThat(IpNetwork.parse(text)).isEmpty();
        });
    }
}
