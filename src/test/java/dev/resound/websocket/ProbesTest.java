package dev.resound.websocket;

import static dev.resound.test.WireFrame.PING;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.websocket.handshake.HandshakeOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections without keep-alive, which measure the idle timeouts of proxies. */
@OnEveryTransport
@Timeout(60)
record ProbesTest(TestTransport transport) {

    private static final String OFF = "keep-alive=off";

    @Test
    void a_probe_is_not_pinged_and_outlives_the_idle_timeout_of_its_neighbour() {
        try (var server = ObservedServer.start(transport, "keep-alive-interval", "250ms");
                WireClient neighbour = server.open();
                WireClient probe = server.openWith("a=b&" + OFF)) {
            assertThat(neighbour.read().opcode()).isEqualTo(PING);
            server.observer.awaitEnd();
            probe.expectSilence(Duration.ofMillis(300));
            probe.send(text("alive")).expect(text("alive"));
            assertThat(server.observer.probes).hasValue(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "keep-alive,                      'keep-alive must be off, once'",
        "keep-alive=on,                   'keep-alive must be off, once'",
        "keep-alive=OFF,                  'keep-alive must be off, once'",
        "keep-alive=off&keep-alive=off,   'keep-alive must be off, once'",
        "keep-alive=off&echo=on,          'echo must be off, once, and only together with keep-alive=off'",
        "echo=off,                        'echo must be off, once, and only together with keep-alive=off'",
    })
    void any_other_value_is_refused(String query, String detail) {
        try (var server = ObservedServer.start(transport);
                WireClient client = server.connect()) {
            client.requestUpgradeAt("/ws?" + query).expectStatus(400);
            assertThat(client.head()).contains("\r\ndetail: " + detail + "\r\n");
            assertThat(server.observer.handshakes).containsExactly(HandshakeOutcome.PARAMETER);
        }
    }

    @Test
    void without_echo_a_probe_gets_only_the_answer_to_its_close() {
        try (var server = ObservedServer.start(transport);
                WireClient probe = server.openWith(OFF + "&echo=off")) {
            probe.send(text("dropped")).send(close(1000)).expect(close(1000)).expectEnd();
        }
    }

    @Test
    void without_places_for_probes_the_parameter_is_refused() {
        try (var server = ObservedServer.start(transport, "max-probes", "0");
                WireClient client = server.connect()) {
            client.requestUpgradeAt("/ws?" + OFF).expectStatus(400);
            assertThat(client.head())
                    .contains("\r\ndetail: " + "keep-alive=off needs websocket.max-probes above 0" + "\r\n");
        }
    }

    @Test
    void beyond_the_limit_probes_get_503_while_other_connections_open_until_a_probe_ends() {
        try (var server = ObservedServer.start(transport, "max-probes", "1");
                WireClient first = server.openWith(OFF);
                WireClient second = server.connect();
                WireClient other = server.open()) {
            second.requestUpgradeAt("/ws?" + OFF).expectStatus(503);
            assertThat(second.head()).containsIgnoringCase("\r\nretry-after: 5\r\n");
            assertThat(second.head())
                    .contains("\r\ndetail: " + "too many connections without keep-alive are open" + "\r\n");
            assertThat(server.limits.open())
                    .as("the refused one holds no place")
                    .isEqualTo(2);
            other.send(text("x")).expect(text("x"));
            first.send(close(1000)).expect(close(1000)).expectEnd().close();
            await().until(() -> server.limits.open() == 1);
            second.handshakeAt("/ws?" + OFF).send(text("x")).expect(text("x"));
        }
    }

    @Test
    void one_client_has_at_most_20_probes() {
        List<WireClient> probes = new ArrayList<>();
        try (var server = ObservedServer.start(transport);
                WireClient last = server.connect()) {
            for (int i = 0; i < 20; i++) {
                probes.add(server.openWith(OFF));
            }
            last.requestUpgradeAt("/ws?" + OFF).expectStatus(503);
        } finally {
            probes.forEach(WireClient::close);
        }
    }

    @Test
    void a_probe_is_closed_by_a_drain_like_any_other_connection() {
        try (var server = ObservedServer.start(transport);
                WireClient probe = server.openWith(OFF)) {
            server.drain(Duration.ZERO);
            assertThat(probe.read().closeCode()).isEqualTo(1001);
        }
    }
}
