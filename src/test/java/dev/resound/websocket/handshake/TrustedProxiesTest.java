package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

    private final TrustedProxies proxies = new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            203.0.113.5 | 198.51.100.1                 | 203.0.113.5   # whoever is not trusted speaks for itself
            10.1.2.3    | 198.51.100.1                 | 198.51.100.1
            10.1.2.3    | 6.6.6.6, 198.51.100.1        | 198.51.100.1  # what the client wrote before is not believed
            10.1.2.3    | 198.51.100.1, 10.9.9.9       | 198.51.100.1
            10.1.2.3    | 198.51.100.1, 192.0.2.7      | 198.51.100.1
            10.1.2.3    | 198.51.100.1, 192.0.2.8      | 192.0.2.8
            10.1.2.3    | 10.9.9.9                     | 10.9.9.9      # all of them trusted: the first one
            10.1.2.3    | 198.51.100.1:4711            | 198.51.100.1
            10.1.2.3    | [2001:db8::1]:4711           | 2001:db8::1
            10.1.2.3    | 2001:DB8:0::1                | 2001:db8::1
            10.1.2.3    | unknown                      | 10.1.2.3
            10.1.2.3    | ''                           | 10.1.2.3
            10.1.2.3    | 198.51.100.1, _hidden        | 10.1.2.3
            fd00::1     | 198.51.100.1                 | 198.51.100.1
            """)
    void the_client_is_the_last_hop_that_is_not_trusted(String peer, String forwardedFor, String client) {
        assertThat(proxies.clientOf(peer, List.of(forwardedFor))).isEqualTo(client.replaceAll("\\s+#.*", ""));
    }

    @Test
    void several_headers_are_one_list() {
        assertThat(proxies.clientOf("10.1.2.3", List.of("198.51.100.1", "10.9.9.9")))
                .isEqualTo("198.51.100.1");
    }

    @Test
    void without_a_list_nobody_is_believed() {
        assertThat(new TrustedProxies(List.of()).clientOf("10.1.2.3", List.of("198.51.100.1")))
                .isEqualTo("10.1.2.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy", "10.0.0.0/33", "10.0.0", "fd00::/129", "10.0.0.0/", "*", "10.0.0.0/8/8"})
    void what_is_no_network_is_refused(String entry) {
        assertThat(TrustedProxies.problem(entry)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/8", "10.0.0.1", "::1", "fd00::/8", "0.0.0.0/0"})
    void addresses_and_networks_are_taken(String entry) {
        assertThat(TrustedProxies.problem(entry)).isEmpty();
    }
}
