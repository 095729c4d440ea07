package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.ip.IpAddress;
import dev.resound.test.SmallStack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    private final TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8"));

    private String clientOf(String peer, String... forwardedFor) {
        return clientOf(proxies, peer, List.of(forwardedFor));
    }

    private static String clientOf(TrustedProxies proxies, String peer, List<String> forwardedFor) {
        return proxies.clientOf(IpAddress.parse(peer).orElseThrow(), forwardedFor)
                .toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.5 | 198.51.100.1                 | 203.0.113.5   # who is not trusted speaks only for itself
            10.1.2.3    | 198.51.100.1                 | 198.51.100.1
            10.1.2.3    | 6.6.6.6, 198.51.100.1        | 198.51.100.1  # what the client wrote before is not believed
            10.1.2.3    | 198.51.100.1, 10.9.9.9       | 198.51.100.1
            10.1.2.3    | 198.51.100.1, 192.0.2.7      | 198.51.100.1
            10.1.2.3    | 198.51.100.1, 192.0.2.8      | 192.0.2.8
            10.1.2.3    | 10.9.9.9                     | 10.9.9.9      # all of them trusted: the first one
            fd00::1     | 198.51.100.1                 | 198.51.100.1
            """)
    void the_client_is_the_last_hop_that_is_not_trusted(String peer, String forwardedFor, String client) {
        assertThat(clientOf(peer, forwardedFor)).isEqualTo(client.replaceAll("\\s+#.*", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            198.51.100.1:4711         | 198.51.100.1
            198.51.100.1:0            | 198.51.100.1
            198.51.100.1:9            | 198.51.100.1
            198.51.100.1:65535        | 198.51.100.1
            [2001:db8::1]:4711        | 2001:db8::1
            [2001:db8::1]             | 2001:db8::1
            2001:DB8:0::1             | 2001:db8::1
            2001:db8::1%eth0          | 2001:db8::1
            [2001:db8::1%eth0]:4711   | 2001:db8::1
            ::ffff:198.51.100.1       | 198.51.100.1
            ::ffff:c633:6401          | 198.51.100.1
            [::ffff:198.51.100.1]:1   | 198.51.100.1
            198.51.100.1, ::ffff:10.1.1.1 | 198.51.100.1
            """)
    void an_address_is_accepted_in_every_form(String forwardedFor, String client) {
        assertThat(clientOf("10.1.2.3", forwardedFor)).isEqualTo(client);
        assertThat(clientOf("::ffff:10.1.2.3", "\t" + forwardedFor + " ")).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown",
                "_hidden",
                "localhost",
                "198.51.100.1:",
                "198.51.100.1:x",
                "198.51.100.1:65536",
                "198.51.100.1:123456",
                "198.51.100.1:+1",
                "[198.51.100.1]",
                "[2001:db8::1",
                "[2001:db8::1]x",
                "[2001:db8::1]:",
                "[]",
                "[]:",
                "]:[",
                "2001:db8::1]:80",
                "\"198.51.100.1\"",
                "for=198.51.100.1",
                "198.51.100.1 10.0.0.1",
                "0198.51.100.1",
            })
    void an_element_that_is_not_an_address_makes_its_proxy_the_client(String element) {
        assertThat(clientOf("10.1.2.3", "203.0.113.5, " + element)).isEqualTo("10.1.2.3");
        assertThat(clientOf("10.1.2.3", "203.0.113.5, " + element + ", 10.9.9.9"))
                .isEqualTo("10.9.9.9");
        assertThat(clientOf("10.1.2.3", element + ", 203.0.113.5")).isEqualTo("203.0.113.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.1,", "198.51.100.1, ,", ",198.51.100.1,\t,,", "198.51.100.1,,10.9.9.9,"})
    void an_empty_element_does_not_make_the_proxy_the_client(String forwardedFor) {
        assertThat(clientOf("10.1.2.3", forwardedFor)).isEqualTo("198.51.100.1");
    }

    @Test
    void without_any_element_the_proxy_is_the_client() {
        assertThat(clientOf("10.1.2.3", "", " , ,")).isEqualTo("10.1.2.3");
        assertThat(clientOf("10.1.2.3")).isEqualTo("10.1.2.3");
    }

    @Test
    void several_headers_are_one_list() {
        assertThat(clientOf("10.1.2.3", "203.0.113.5, 198.51.100.1", "", "10.9.9.9,"))
                .isEqualTo("198.51.100.1");
    }

    @Test
    void proxies_may_be_listed_in_mapped_form() {
        for (String entry : List.of("::ffff:10.0.0.0/104", "::ffff:a01:203")) {
            var mapped = new TrustedProxies(List.of(entry));
            assertThat(clientOf(mapped, "10.1.2.3", List.of("198.51.100.1"))).isEqualTo("198.51.100.1");
            assertThat(clientOf(mapped, "10.1.2.4", List.of("198.51.100.1")).equals("198.51.100.1"))
                    .isEqualTo(entry.contains("/"));
        }
    }

    @Test
    void without_a_list_no_proxy_is_trusted() {
        assertThat(clientOf(new TrustedProxies(List.of()), "10.1.2.3", List.of("198.51.100.1")))
                .isEqualTo("10.1.2.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.9.9.9,", ",", " ", "[", "]", "x,", "::1,", ":", "1.1.1.1:1,"})
    void a_hundred_thousand_elements_are_parsed_on_a_small_stack(String element) throws InterruptedException {
        String header = element.repeat(100_000);
        SmallStack.run(() -> clientOf("10.1.2.3", header, header));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxy",
                "10.0.0.0/33",
                "10.0.0",
                "fd00::/129",
                "10.0.0.0/",
                "*",
                "10.0.0.0/8/8",
                "fe80::1%eth0",
                "::ffff:10.0.0.0/8"
            })
    void an_invalid_network_is_rejected(String entry) {
        assertThat(TrustedProxies.problem(entry)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "10.0.0.1", "::1", "fd00::/8", "0.0.0.0/0", "::ffff:10.0.0.0/104"})
    void addresses_and_networks_are_accepted(String entry) {
        assertThat(TrustedProxies.problem(entry)).isEmpty();
    }
}
