package dev.resound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.test.FreePort;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --check}: passes with a service that echoes, and otherwise says in one line why not. */
@Timeout(60)
class EchoCheckTest {

    @TempDir
    private Path directory;

    private static EchoCheck check(String url) {
        return new EchoCheck(URI.create(url), null, null);
    }

    private static EchoCheck check(RunningResound resound) {
        return check("ws://127.0.0.1:" + resound.port() + "/ws");
    }

    @Test
    void a_service_that_echoes_passes_and_sees_a_normal_close() throws IOException {
        try (var resound = RunningResound.start()) {
            assertThat(check(resound).run())
                    .matches("ws://127\\.0\\.0\\.1:" + resound.port() + "/ws: echo after \\d+\\.\\d ms");
            MetricsPage.await(
                    resound,
                    page -> page.sum("websocket_connections_closed_total") == 1
                            && page.text()
                                    .lines()
                                    .anyMatch(line -> line.startsWith("websocket_connections_closed_total")
                                            && line.contains("cause=\"client\"")
                                            && line.endsWith(" 1.0")));
        }
    }

    @Test
    void the_origin_is_sent_only_if_one_is_given() throws IOException {
        try (var resound = RunningResound.start(
                "websocket.allowed-origins", "https://client.com", "websocket.require-origin", "true")) {
            EchoCheck without = check(resound);
            assertThatThrownBy(without::run)
                    .isInstanceOf(IOException.class)
                    .hasMessageEndingWith("refused with 403 Forbidden");
            assertThat(new EchoCheck(without.target(), "https://client.com", null).run())
                    .contains("echo after");
        }
    }

    @Test
    void another_path_is_refused_by_the_service() {
        try (var resound = RunningResound.start()) {
            assertThatThrownBy(check("ws://127.0.0.1:" + resound.port())::run)
                    .hasMessageEndingWith("refused with 404 Not Found");
        }
    }

    @Test
    void tls_needs_a_trusted_certificate_and_one_that_is_named_may_bear_any_name() throws IOException {
        var certificate = TestCertificate.ec(Files.createDirectory(directory.resolve("server")), "resound");
        TestCertificate.ec(Files.createDirectory(directory.resolve("other")), "other");
        try (var resound = onAllAddresses(certificate)) {
            // The certificate is for localhost and 127.0.0.1.
            URI target = URI.create("wss://127.0.0.2:" + resound.port() + "/ws");
            assertThatThrownBy(new EchoCheck(target, null, null)::run).hasMessageContaining("certification path");
            assertThatThrownBy(new EchoCheck(target, null, directory.resolve("other/tls.crt"))::run)
                    .hasMessageContaining("certification path");
            assertThat(new EchoCheck(target, null, directory.resolve("server/tls.crt")).run())
                    .contains("echo after");
        }
    }

    @Test
    void a_certificate_signed_by_a_trusted_authority_must_bear_the_name_of_the_host() throws IOException {
        Path file = directory.resolve("server");
        var certificate = TestCertificate.signed(Files.createDirectory(file), "resound", List.of(), "-keyalg", "EC");
        Path authority = Files.writeString(directory.resolve("ca.crt"), certificate.authorityText());
        try (var resound = onAllAddresses(certificate)) {
            URI localhost = URI.create("wss://localhost:" + resound.port() + "/ws");
            URI address = URI.create("wss://127.0.0.2:" + resound.port() + "/ws");
            assertThat(new EchoCheck(localhost, null, authority).run()).contains("echo after");
            assertThatThrownBy(new EchoCheck(address, null, authority)::run).hasMessageContaining("127.0.0.2");
        }
    }

    @Test
    void a_trusted_file_without_certificates_is_named() {
        Path missing = directory.resolve("missing.crt");
        assertThatThrownBy(new EchoCheck(URI.create("wss://127.0.0.1:1/ws"), null, missing)::run)
                .hasMessageEndingWith("no file " + missing);
    }

    @Test
    void where_nothing_listens_the_check_fails() throws IOException {
        assertThatThrownBy(check("ws://127.0.0.1:" + FreePort.next() + "/ws")::run)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Connection refused");
    }

    @Test
    void an_unknown_host_is_named() {
        assertThatThrownBy(check("ws://resound.invalid/ws")::run)
                .isInstanceOf(IOException.class)
                .hasMessage("ws://resound.invalid/ws: unknown host");
    }

    /** A text frame is 81, Close 88, a ping 89, a first fragment 01, the last one 80. */
    @ParameterizedTest
    @CsvSource({
        "8103414243, the echo differs from the message that was sent",
        "880203F1, closed with 1009 before the echo",
        "8800, closed with 1005 before the echo",
        "890141 880203E9, closed with 1001 before the echo",
        "817E0100, the echo is longer than the message that was sent",
        "'', the service closed the connection without an answer"
    })
    void an_answer_that_is_no_echo_fails(String frames, String reason) {
        assertThatThrownBy(() -> against("HTTP/1.1 101 Switching Protocols", "", frames.replace(" ", "")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 200 OK", "SSH-2.0-OpenSSH_9.2"})
    void what_does_not_speak_http_1_1_fails(String statusLine) {
        assertThatThrownBy(() -> against(statusLine, "", "")).hasMessageEndingWith("this is not an HTTP/1.1 service");
    }

    @Test
    void a_response_to_another_key_fails() {
        assertThatThrownBy(() -> against("HTTP/1.1 101 Switching Protocols", "wrong", ""))
                .hasMessageEndingWith("Sec-WebSocket-Accept is missing or wrong");
    }

    private static RunningResound onAllAddresses(TestCertificate certificate) {
        return RunningResound.start(Stream.concat(Stream.of("http.host", "0.0.0.0"), Stream.of(certificate.settings()))
                .toArray(String[]::new));
    }

    /** Checks a server that sends this, whatever it receives. */
    private static void against(String statusLine, String keySuffix, String frames) throws IOException {
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = listening.accept()) {
                    var request = new StringBuilder();
                    while (!request.toString().endsWith("\r\n\r\n")) {
                        request.append((char) socket.getInputStream().read());
                    }
                    var key = Pattern.compile("Sec-WebSocket-Key: (\\S+)").matcher(request);
                    String accept = key.find() ? EchoCheck.accept(key.group(1) + keySuffix) : "";
                    String head = statusLine + "\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\n";
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                    socket.getOutputStream().write(HexFormat.of().parseHex(frames));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            check("ws://127.0.0.1:" + listening.getLocalPort() + "/ws").run();
        }
    }
}
