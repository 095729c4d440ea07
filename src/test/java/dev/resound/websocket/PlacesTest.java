package dev.resound.websocket;

import static dev.resound.test.WireFrame.close;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.WireClient;
import dev.resound.websocket.handshake.HandshakeOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The places that connections take, on a real socket. */
@Timeout(60)
class PlacesTest {

    @ParameterizedTest
    @ValueSource(strings = {"max-connections", "max-connections-per-address"})
    void beyond_the_limit_503_tells_to_come_back_and_a_place_that_is_given_back_can_be_taken(String limit) {
        try (var server = ObservedServer.start(limit, "2");
                WireClient first = server.open();
                WireClient second = server.open();
                WireClient third = WireClient.tcp(server.port())) {
            third.send(WireClient.request()).expectStatus(503);
            assertThat(third.head()).containsIgnoringCase("\r\nretry-after: 5\r\n");
            assertThat(server.observer.handshakes).endsWith(HandshakeOutcome.CAPACITY);
            first.send(close(1000)).expect(close(1000)).expectEnd().close();
            server.observer.awaitEnd();
            third.handshake().send(close(1000)).expect(close(1000)).expectEnd();
            assertThat(second).isNotNull();
        }
    }

    @Test
    void clients_that_go_away_during_the_handshake_give_their_places_back() throws InterruptedException {
        try (var server = ObservedServer.start()) {
            for (int i = 0; i < 300; i++) {
                WireClient client = WireClient.tcp(server.port()).send(WireClient.request());
                if (i % 3 == 0) {
                    client.reset();
                } else if (i % 3 == 1) {
                    client.shutdownOutput().close();
                } else {
                    client.close();
                }
            }
            try (WireClient last = server.open()) {
                last.send(close(1000)).expect(close(1000)).expectEnd();
            }
            while (server.admission.open() > 0) {
                Thread.sleep(10);
            }
            assertThat(server.observer.timesClosed.size()).isEqualTo(server.observer.opened.get());
            assertThat(server.observer.timesClosed.values()).allMatch(times -> times.get() == 1);
        }
    }
}
