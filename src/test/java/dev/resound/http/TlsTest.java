package dev.resound.http;

import static dev.resound.test.WireFrame.BINARY;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets over TLS: all goes on as over TCP alone, and each way to end is told apart. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {

    private static final String EXPIRY = "resound_tls_certificate_expiry_timestamp_seconds";
    private static final int LARGE = 1 << 20;

    @TempDir
    private static Path directory;

    private static TestCertificate certificate;
    private static TestCertificate other;
    private static RunningResound resound;

    @BeforeAll
    static void start() throws IOException {
        certificate = TestCertificate.rsa(Files.createDirectory(directory.resolve("server")), "resound");
        other = TestCertificate.ec(Files.createDirectory(directory.resolve("other")), "other");
        resound = RunningResound.start(certificate.settings());
    }

    @AfterAll
    static void stop() {
        if (resound != null) {
            resound.close();
        }
    }

    private static WireClient open(RunningResound server, String... protocols) {
        return WireClient.tls(server.port(), certificate.client(), protocols).handshake();
    }

    // The echo.

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void messages_of_all_sizes_come_back(String protocol) {
        try (WireClient client = open(resound, protocol)) {
            for (int size : new int[] {0, 1, 125, 126, 4096, 4097, 16_383, 16_384, 16_385, 65_535, 65_536}) {
                byte[] payload = randomBytes(size);
                client.send(binary(payload));
                assertThat(client.readMessage(BINARY)).isEqualTo(payload);
            }
            client.send(text("one"), ping("p"), text("two")).expect(text("one"), pong("p"), text("two"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void messages_larger_than_all_buffers_come_back_to_a_client_that_reads_late(String protocol) throws Exception {
        try (WireClient client = open(resound, protocol)) {
            byte[] payload = randomBytes(LARGE);
            Thread writer = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 16; i++) {
                    client.send(binary(payload));
                }
            });
            MetricsPage.await(resound, page -> page.sum("websocket_backpressure_pauses_total") > 0);
            for (int i = 0; i < 16; i++) {
                assertThat(client.readMessage(BINARY)).isEqualTo(payload);
            }
            writer.join();
        }
    }

    // The ends.

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_close_comes_back_and_then_tls_ends(String protocol) {
        double before = closed("client");
        try (WireClient client = open(resound, protocol)) {
            client.send(close(4321, "bye")).expect(close(4321, "bye")).expectEnd();
        }
        awaitClosed("client", before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_close_comes_back_to_a_client_that_still_sends(String protocol) throws Exception {
        for (int i = 0; i < 20; i++) {
            try (WireClient client = open(resound, protocol)) {
                client.send(close(1000));
                Thread writer = Thread.ofPlatform().start(() -> client.sendInVain(new byte[LARGE]));
                client.expect(close(1000)).expectEnd();
                writer.join();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void what_breaks_the_protocol_is_told_before_tls_ends(String protocol) {
        try (WireClient client = open(resound, protocol)) {
            client.send(text("hi").unmasked()).expectFailure(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_that_cuts_without_a_word_is_the_network(String protocol) {
        double before = closed("network");
        open(resound, protocol).send(text("hi")).expect(text("hi")).cut();
        awaitClosed("network", before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_that_resets_is_the_network(String protocol) {
        double before = closed("network");
        open(resound, protocol).send(text("hi")).expect(text("hi")).reset();
        awaitClosed("network", before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_that_ends_tls_without_a_close_is_the_network_and_gets_what_is_due(String protocol) {
        double before = closed("network");
        try (WireClient client = open(resound, protocol)) {
            client.send(text("last")).shutdownOutput();
            if (protocol.equals("TLSv1.3")) { // Before it, the end of one side was that of both.
                client.expect(text("last")).expectEnd();
            }
            awaitClosed("network", before + 1);
        }
    }

    @Test
    void bytes_that_are_no_tls_are_the_network_and_no_error_of_ours() {
        double before = closed("network");
        try (WireClient client = open(resound)) {
            client.sendBelowTls("this is no TLS record at all".getBytes(StandardCharsets.US_ASCII));
            awaitClosed("network", before + 1);
        }
        assertThat(closed("error")).isZero();
    }

    @Test
    void a_silent_client_is_idle() {
        try (var server = RunningResound.start(certificate.settings("websocket.keep-alive-interval", "300ms"));
                WireClient client = open(server)) {
            assertThat(client.read().opcode()).isEqualTo(WireFrame.PING);
            client.expectFailure(1001);
            MetricsPage.await(server, page -> closed(page, "idle") == 1);
        }
    }

    @Test
    void a_client_that_takes_nothing_is_a_slow_consumer() {
        try (var server = RunningResound.start(certificate.settings("websocket.keep-alive-interval", "500ms"));
                WireClient client = open(server)) {
            Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    client.sendInVain(binary(new byte[LARGE]).bytes());
                }
            });
            MetricsPage.await(server, page -> closed(page, "slow-consumer") == 1);
            client.cut();
        }
    }

    @Test
    void the_drain_closes_with_1001_and_waits_for_the_answer() {
        try (var server = RunningResound.start(certificate.settings("drain.period", "0s"));
                WireClient client = open(server)) {
            var drained = server.main().drain();
            client.expect(close(1001, "server draining")).send(close(1001)).expectEnd();
            drained.await();
            MetricsPage.await(server, page -> closed(page, "drain") == 1);
        }
    }

    // Who may connect.

    @Test
    void plain_text_is_not_answered() {
        try (WireClient client = WireClient.tcp(resound.port())) {
            client.sendInVain("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.readToEnd(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("HTTP");
        }
    }

    @Test
    void ciphers_without_authentication_are_refused() throws Exception {
        try (SSLSocket socket =
                (SSLSocket) certificate.client().getSocketFactory().createSocket("localhost", resound.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void a_client_cannot_have_the_handshake_repeated() throws Exception {
        try (SSLSocket socket =
                (SSLSocket) certificate.client().getSocketFactory().createSocket("localhost", resound.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getInputStream().read();
                    })
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void with_authorities_of_clients_only_their_certificates_connect() {
        try (var server =
                RunningResound.start(certificate.settings("http.tls.client-ca", "" + other.certificateFile()))) {
            try (WireClient client = WireClient.tls(server.port(), certificate.clientWith(other))) {
                client.handshake().send(text("hi")).expect(text("hi"));
            }
            for (SSLContext stranger : new SSLContext[] {certificate.client(), certificate.clientWith(certificate)}) {
                // With TLS 1.3 the client's handshake is done before it is refused.
                assertThatThrownBy(() -> WireClient.tls(server.port(), stranger).handshake())
                        .isInstanceOf(UncheckedIOException.class);
            }
        }
    }

    // The certificate.

    @Test
    void its_end_is_a_metric() {
        assertThat((long) MetricsPage.of(resound).value(EXPIRY))
                .isEqualTo(certificate.certificate().getNotAfter().toInstant().getEpochSecond());
    }

    @Test
    void another_one_is_taken_up_while_connections_stay_open() throws IOException {
        Path mounted = Files.createDirectory(directory.resolve("rotated"));
        TestCertificate first = TestCertificate.ec(mounted, "first");
        try (var server = RunningResound.start(first.settings());
                WireClient open = WireClient.tls(server.port(), first.client()).handshake()) {
            Files.writeString(first.certificateFile(), other.certificateText());
            Files.writeString(first.keyFile(), other.keyText());
            long end = other.certificate().getNotAfter().toInstant().getEpochSecond();
            MetricsPage.await(server, page -> (long) page.value(EXPIRY) == end);
            for (int i = 0; i < 4; i++) { // On both event loops.
                try (WireClient late = WireClient.tls(server.port(), other.client())) {
                    late.handshake().send(text("new")).expect(text("new"));
                }
            }
            open.send(text("old"))
                    .expect(text("old"))
                    .send(close(1000))
                    .expect(close(1000))
                    .expectEnd();
        }
    }

    private static double closed(String cause) {
        return closed(MetricsPage.of(resound), cause);
    }

    private static double closed(MetricsPage page, String cause) {
        return page.value("websocket_connections_closed_total{cause=\"" + cause + "\"}");
    }

    private static void awaitClosed(String cause, double count) {
        MetricsPage.await(resound, page -> closed(page, cause) == count);
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
