package dev.resound.websocket;

import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.LeakWatch;
import dev.resound.test.ObservedServer;
import dev.resound.test.WireClient;
import dev.resound.transport.TransportChoice;
import dev.resound.websocket.protocol.CloseCause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the fuzzer found about clients that go away early, on each transport. */
@Timeout(120)
class GoneClientsTest {

    private static final int MANY = 200;
    private static final int RESETS = 64;

    /** On io_uring the socket had no address any more, which was an exception. */
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void a_client_that_is_gone_before_its_handshake_is_looked_at_is_no_error(TransportChoice choice) {
        LeakWatch.over(() -> {
            try (var server = ObservedServer.start(ObservedServer.available(choice))) {
                for (int i = 0; i < MANY; i++) {
                    WireClient client = WireClient.tcp(server.port()).send(WireClient.request());
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

    /** On io_uring the end of the input took the answers away that were on their way. */
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void a_client_that_ends_its_side_gets_what_is_due_to_it(TransportChoice choice) {
        try (var server = ObservedServer.start(ObservedServer.available(choice))) {
            for (int i = 0; i < MANY; i++) {
                try (WireClient client = server.open()) {
                    client.send(text("last words"), text("and more")).shutdownOutput();
                    client.expect(text("last words"), text("and more")).expectEnd();
                }
                assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.NETWORK);
            }
        }
    }

    /** Fails without {@code ResetProbe} on io_uring: the reset showed with the next ping. */
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void a_reset_in_the_middle_of_a_frame_is_reported_soon(TransportChoice choice) {
        try (var server = ObservedServer.start(ObservedServer.available(choice))) {
            List<WireClient> clients =
                    Stream.generate(server::open).limit(RESETS).toList();
            byte[] begun = {(byte) 0x81};
            // Data and reset have both arrived when the event loop looks: that is when io_uring misses the reset.
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
