package dev.resound.ip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpNetworkTest {

    private static IpNetwork network(String text) {
        return IpNetwork.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,             10.0.0.0/8",
        "10.1.2.3/8,             10.0.0.0/8",
        "10.1.2.3,               10.1.2.3",
        "10.1.2.3/32,            10.1.2.3",
        "0.0.0.0/0,              0.0.0.0/0",
        "::ffff:10.0.0.0/104,    10.0.0.0/8",
        "::ffff:a00:1,           10.0.0.1",
        "::ffff:10.0.0.1/128,    10.0.0.1",
        "::ffff:0:0/96,          0.0.0.0/0",
        "fd00::/8,               fd00::/8",
        "FD12::1/8,              fd00::/8",
        "::/0,                   ::/0",
        "::1,                    ::1",
        "0:0:0:0:0:0:0:1/128,    ::1",
    })
    void a_network_has_one_text(String text, String canonical) {
        assertThat(network(text)).hasToString(canonical).isEqualTo(network(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/0008",
                "10.0.0.0/8/8",
                "10.0.0.0/255.0.0.0",
                "10.0.0.0 /8",
                "10.0.0",
                "fd00::/129",
                "fe80::1%eth0",
                "fe80::%eth0/64",
                "::ffff:10.0.0.0/8",
                "::ffff:10.0.0.0/95",
                "*",
                "proxy",
            })
    void this_is_no_network(String text) {
        assertThat(IpNetwork.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,          10.255.255.255,   true",
        "10.0.0.0/8,          ::ffff:10.1.2.3,  true",
        "::ffff:10.0.0.0/104, 10.1.2.3,         true",
        "10.0.0.0/8,          11.0.0.0,         false",
        "10.0.0.0/8,          a00::,            false",
        "0.0.0.0/0,           1.2.3.4,          true",
        "0.0.0.0/0,           ::1,              false",
        "::/0,                ::1,              true",
        "::/0,                1.2.3.4,          false",
        "::/64,               1.2.3.4,          false",
        "fd00::/8,            fdff::1,          true",
        "fd00::/8,            fe00::1,          false",
        "2001:db8::/65,       2001:db8::7fff:0:0:1, true",
        "2001:db8::/65,       2001:db8::8000:0:0:1, false",
        "::1,                 ::1,              true",
        "::1,                 ::2,              false",
    })
    void an_address_belongs_to_a_network_or_does_not(String network, String address, boolean belongs) {
        assertThat(network(network).contains(IpAddress.parse(address).orElseThrow()))
                .isEqualTo(belongs);
    }
}
