package dev.resound;

import static dev.resound.test.Waiting.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.LivePeer;
import dev.resound.test.ResoundProcess;
import dev.resound.test.TestCertificate;
import dev.resound.test.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The process is stopped and goes on, as by {@code docker pause} or a suspended virtual machine. */
@Timeout(120)
class StalledServiceIT {

    private static final Duration X = Duration.ofMillis(500);

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void a_stall_of_the_process_ends_no_client(String transport) {
        try (var resound = ResoundProcess.ready(
                Map.of("RESOUND_TRANSPORT", transport, "RESOUND_WEBSOCKET_KEEP_ALIVE_INTERVAL", X.toMillis() + "ms"))) {
            List<LivePeer> peers = Stream.concat(
                            IntStream.range(0, 3)
                                    .mapToObj(i -> LivePeer.talking(WireClient.open(resound.port()), X.dividedBy(4))),
                            IntStream.range(0, 3).mapToObj(i -> LivePeer.quiet(WireClient.open(resound.port()))))
                    .toList();
            try {
                pause(X.multipliedBy(12).dividedBy(5)); // The quiet ones have answered two pings.
                assertThat(peers).extracting(LivePeer::end).containsOnly(Optional.empty());
                resound.signal("STOP");
                pause(X.multipliedBy(3));
                resound.signal("CONT");
                pause(X.multipliedBy(3)); // A client that was charged with the stall is ended by then.
                assertThat(peers).extracting(LivePeer::end).containsOnly(Optional.empty());
            } finally {
                peers.forEach(LivePeer::close);
            }
        }
    }

    @Test
    void a_stall_of_the_process_fails_no_tls_handshake(@TempDir Path directory) throws Exception {
        TestCertificate certificate = TestCertificate.ec(directory, "resound");
        Map<String, String> settings = Map.of(
                "RESOUND_HTTP_TLS_CERTIFICATE", certificate.certificateFile().toString(),
                "RESOUND_HTTP_TLS_KEY", certificate.keyFile().toString(),
                "RESOUND_WEBSOCKET_HANDSHAKE_TIMEOUT", "1s");
        try (var resound = ResoundProcess.ready(settings);
                var tcp = new Socket(InetAddress.getLoopbackAddress(), resound.port());
                var tls = (SSLSocket)
                        certificate.client().getSocketFactory().createSocket(tcp, "localhost", resound.port(), true)) {
            pause(Duration.ofMillis(300)); // Accepted.
            resound.signal("STOP");
            CompletableFuture<Void> handshake = CompletableFuture.runAsync(() -> {
                try {
                    tls.startHandshake();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            pause(Duration.ofSeconds(3));
            resound.signal("CONT");
            assertThat(handshake).succeedsWithin(Duration.ofSeconds(10));
        }
    }
}
