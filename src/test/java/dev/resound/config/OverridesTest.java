package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kubernetes injects for a Service is no setting; what a person mistypes is still reported. */
class OverridesTest {

    /** A port of a Service; a nameless one has an empty name. */
    private record Port(String name, int number, String protocol) {}

    /** The variables as the kubelet makes them (pkg/kubelet/envvars/envvars.go). */
    private static Map<String, String> injected(String service, String address, Port... ports) {
        String prefix = upper(service);
        String host = address.contains(":") ? "[" + address + "]" : address;
        Map<String, String> variables = new TreeMap<>();
        variables.put(prefix + "_SERVICE_HOST", address);
        variables.put(prefix + "_SERVICE_PORT", String.valueOf(ports[0].number()));
        variables.put(prefix + "_PORT", "%s://%s:%d".formatted(ports[0].protocol(), host, ports[0].number()));
        for (Port port : ports) {
            if (!port.name().isEmpty()) {
                variables.put(prefix + "_SERVICE_PORT_" + upper(port.name()), String.valueOf(port.number()));
            }
            String link = "%s_PORT_%d_%s".formatted(prefix, port.number(), upper(port.protocol()));
            variables.put(link, "%s://%s:%d".formatted(port.protocol(), host, port.number()));
            variables.put(link + "_PROTO", port.protocol());
            variables.put(link + "_PORT", String.valueOf(port.number()));
            variables.put(link + "_ADDR", address);
        }
        return variables;
    }

    private static String upper(String name) {
        return name.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resound",
                "resound-canary",
                "resound-http",
                "resound-management",
                "resound-websocket",
                "resound-service",
                "resound-port",
                "resound-port-80-tcp",
                "resound-2",
                "resound-a--b",
                "resound-of-a-name-with-the-63-characters-that-a-label-can-have1"
            })
    void the_variables_of_a_service_are_ignored(String service) {
        for (String address : new String[] {"10.0.0.1", "fd00::1", "::ffff:10.0.0.1"}) {
            Stream.of(
                            new Port[] {new Port("", 80, "tcp")},
                            new Port[] {new Port("http", 8080, "tcp"), new Port("h3", 8443, "udp")},
                            new Port[] {new Port("a-b", 1, "sctp"), new Port("tcp", 65535, "tcp")})
                    .map(ports -> injected(service, address, ports))
                    .forEach(variables -> assertThat(variables)
                            .allSatisfy((name, value) -> assertThat(Overrides.isServiceLink(name, value))
                                    .as(name + "=" + value)
                                    .isTrue()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RESOUND_HTTP_PORT, 8080",
        "RESOUND_HTTP_PORT, tcp://10.0.0.1",
        "RESOUND_HTTP_PORT, tcp://localhost:80",
        "RESOUND_HTTP_PORT, TCP://10.0.0.1:80",
        "RESOUND_HTTP_PORT, http://10.0.0.1:80",
        "RESOUND_HTTP_PORT, tcp://10.0.0.1:80/",
        "RESOUND_HTPP_PORT, 8080",
        "RESOUND_PORT, 9090",
        "RESOUND_PORT_RANGE, 1",
        "RESOUND_SERVICE_NAME, echo",
        "RESOUND_SERVICE_HOST, localhost",
        "RESOUND_SERVICE_PORT, eighty",
        "RESOUND_PORT_80_TCP, tcp://10.0.0.1:81",
        "RESOUND_PORT_80_TCP, udp://10.0.0.1:80",
        "RESOUND_PORT_80_TCP_PROTO, udp",
        "RESOUND_PORT_80_TCP_PORT, 81",
        "RESOUND_PORT_80_TCP_ADDR, here",
        "RESOUND_PORT_80_ICMP_ADDR, 10.0.0.1",
        "RESOUND_HTTP_HOST, 10.0.0.1",
        "RESOUND_MANAGEMENT_HOST, 10.0.0.1",
        "RESOUND_X, tcp://10.0.0.1:80",
        "RESOUNDER_SERVICE_HOST, 10.0.0.1",
        "OTHER_SERVICE_HOST, 10.0.0.1",
    })
    void other_variables_are_no_service_links(String name, String value) {
        assertThat(Overrides.isServiceLink(name, value)).isFalse();
    }

    @Test
    void a_long_name_or_value_is_judged_at_once() {
        String endless = "_SERVICE_PORT".repeat(100_000);
        long start = System.nanoTime();
        assertThat(Overrides.isServiceLink("RESOUND" + endless, "80")).isFalse();
        assertThat(Overrides.isServiceLink("RESOUND_SERVICE_HOST", "1".repeat(1_000_000)))
                .isFalse();
        assertThat(Overrides.isServiceLink("RESOUND_SERVICE_HOST", ":".repeat(1_000_000)))
                .isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
}
