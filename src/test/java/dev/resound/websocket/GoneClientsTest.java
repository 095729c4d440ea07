package dev.resound.websocket;

import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.LeakWatch;
import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.websocket.protocol.CloseCause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Regressions found by the fuzzer with clients that disconnect early, on each transport. */
@OnEveryTransport
@Timeout(120)
record GoneClientsTest(TestTransport transport) {

    private static final int MANY = 200;
    private static final int RESETS = 64;

    /** On io_uring, the socket no longer had an address, which caused an exception. */
    @Test
    void a_client_that_disconnects_before_its_handshake_is_processed_causes_no_error() {
        LeakWatch.over(() -> {
            try (var server = ObservedServer.start(transport)) {
                for (int i = 0; i < MANY; i++) {
                    WireClient client = server.request();
                    if (i % 2 == 0) {
                        client.reset();
                    } else {
                        client.close();
                    }
                }
                try (WireClient next = server.open()) {
                    next.send(close(1000)).expect(close(1000)).expectEnd();
                }
                for (int i = 0; i < server.observer.opened.get(); i++) {
                    server.observer.awaitEnd();
                }
            }
        });
    }

    /** On io_uring, the end of the input discarded answers that were in transit. */
    @Test
    void a_client_that_ends_its_side_receives_the_remaining_output() {
        try (var server = ObservedServer.start(transport)) {
            for (int i = 0; i < MANY; i++) {
                try (WireClient client = server.open()) {
                    client.send(text("last words"), text("and more")).shutdownOutput();
                    client.expect(text("last words"), text("and more")).expectEnd();
                }
                assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.NETWORK);
            }
        }
    }

    /** Fails on io_uring without {@code ResetProbe}: only the next ping detected the reset. */
    @Test
    void a_reset_in_the_middle_of_a_frame_is_reported_soon() {
        try (var server = ObservedServer.start(transport)) {
            List<WireClient> clients =
                    Stream.generate(server::open).limit(RESETS).toList();
            byte[] begun = {(byte) 0x81};
            // Data and reset both arrive before the event loop polls: in this case io_uring misses the reset.
            var gone = new CompletableFuture<Void>();
            server.vertx().runOnContext(go -> gone.join());
            clients.forEach(client -> client.send(begun).reset());
            gone.complete(null);
            long start = System.nanoTime();
            for (int i = 0; i < RESETS; i++) {
                assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.NETWORK);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }
}
