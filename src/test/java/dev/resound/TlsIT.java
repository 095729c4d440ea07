package dev.resound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.resound.test.MetricsPage;
import dev.resound.test.ResoundProcess;
import dev.resound.test.TestCertificate;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS as people set it up for the packaged program. */
class TlsIT {

    private static final int HOST = StandardConstants.SNI_HOST_NAME;

    @TempDir
    private Path directory;

    @Test
    void it_says_where_it_listens_and_follows_its_certificate() throws Exception {
        TestCertificate first = TestCertificate.rsa(directory, "first");
        TestCertificate second = TestCertificate.ec(Files.createDirectory(directory.resolve("second")), "second");
        try (var resound = ResoundProcess.ready(settings(first))) {
            assertThat(resound.output())
                    .contains("page at https://localhost:" + resound.port() + "/")
                    .contains("WebSocket at wss://localhost:" + resound.port() + "/ws")
                    .contains("TLS certificate in use subject=\"CN=first\" serial=");
            try (WireClient open =
                    WireClient.tls(resound.port(), first.client()).handshake()) {
                Files.writeString(first.certificateFile(), "half");
                resound.await(() -> resound.output().contains("TLS certificate refused, the old one stays in use"));
                resound.await(() -> refusedCertificates(resound) == 1);
                Files.writeString(first.certificateFile(), second.certificateText());
                Files.writeString(first.keyFile(), second.keyText());
                resound.await(() -> resound.output().contains("TLS certificate changed subject=\"CN=second\" serial="));
                WireClient.tls(resound.port(), second.client()).handshake().close();
                open.send(WireFrame.text("still here")).expect(WireFrame.text("still here"));
                resound.signal("TERM");
                open.expect(WireFrame.close(1001, "server draining"))
                        .send(WireFrame.close(1001))
                        .expectEnd();
            }
            assertThat(resound.exitCode()).isZero();
            assertThat(resound.output()).doesNotContain("\tat ").doesNotContain("BEGIN PRIVATE");
        }
    }

    @Test
    void what_is_wrong_with_the_files_is_reported_with_the_rest_and_exit_code_2() throws Exception {
        TestCertificate certificate = TestCertificate.rsa(directory, "resound");
        Files.writeString(certificate.keyFile(), certificate.keyText().substring(0, 200));
        try (var resound = ResoundProcess.launch(Map.of(
                "RESOUND_HTTP_TLS_CERTIFICATE",
                "nowhere.crt",
                "RESOUND_HTTP_TLS_KEY",
                certificate.keyFile().toString(),
                "RESOUND_DRAIN_PERIOD",
                "soon"))) {
            assertThat(resound.exitCode()).isEqualTo(2);
            assertThat(resound.output())
                    .contains("3 problems in the configuration:")
                    .contains("http.tls.certificate must name a file that exists, found \"nowhere.crt\""
                            + " (environment variable RESOUND_HTTP_TLS_CERTIFICATE)")
                    .contains("http.tls.key must hold an RSA or EC private key in PEM")
                    .contains("drain.period")
                    .doesNotContain(certificate.keyText().substring(40, 60))
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void a_key_of_another_certificate_is_an_error_of_the_configuration() throws Exception {
        TestCertificate certificate = TestCertificate.rsa(directory, "resound");
        TestCertificate other = TestCertificate.rsa(Files.createDirectory(directory.resolve("other")), "other");
        Files.writeString(certificate.keyFile(), other.keyText());
        try (var resound = ResoundProcess.launch(settings(certificate))) {
            assertThat(resound.exitCode()).isEqualTo(2);
            assertThat(resound.output())
                    .contains("1 problem in the configuration:")
                    .contains("http.tls.key must hold the private key of the first certificate in http.tls.certificate,"
                            + " found \"" + certificate.keyFile() + "\"");
        }
    }

    /** There is one certificate for all names, so none of them ends the handshake (RFC 6066 section 3 lets a server ignore it). */
    @Test
    void every_server_name_gets_the_certificate() throws Exception {
        TestCertificate certificate = TestCertificate.ec(directory, "resound");
        List<SNIServerName> names = List.of(
                new Name(HOST, "plain.example"),
                new Name(HOST, "resound_backend"),
                new Name(HOST, "UPPER.example"),
                new Name(HOST, "dot.at.the.end."),
                new Name(HOST, "127.0.0.1"),
                new Name(HOST, "[::1]"),
                new Name(HOST, "-"),
                new Name(HOST, "sp ace\u0000"),
                new Name(HOST, "\u00ff\u00fe"),
                new Name(HOST, "x".repeat(1_000)),
                new Name(HOST, ""),
                new Name(7, "of an unknown kind"));
        try (var resound = ResoundProcess.ready(settings(certificate))) {
            for (SNIServerName name : names) {
                for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                    try (SSLSocket socket = (SSLSocket)
                            certificate.client().getSocketFactory().createSocket("127.0.0.1", resound.port())) {
                        SSLParameters parameters = socket.getSSLParameters();
                        parameters.setServerNames(List.of(name, new Name(9, "another one")));
                        parameters.setProtocols(new String[] {protocol});
                        socket.setSSLParameters(parameters);
                        assertThatCode(socket::startHandshake)
                                .as(name.toString())
                                .doesNotThrowAnyException();
                    }
                }
            }
            assertThat(resound.output())
                    .doesNotContain("\tat ")
                    .doesNotContain("ERROR")
                    .doesNotContain("WARN");
        }
    }

    /** Sent as it is; the JDK's own check is for those who make names of text. */
    private static final class Name extends SNIServerName {

        Name(int type, String name) {
            super(type, name.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static double refusedCertificates(ResoundProcess resound) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(resound.management("/metrics")).build();
            return MetricsPage.parsed(
                            client.send(request, BodyHandlers.ofString()).body())
                    .value("resound_reload_failures_total{kind=\"certificates\"}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> settings(TestCertificate certificate) {
        return Map.of(
                "RESOUND_HTTP_TLS_CERTIFICATE",
                certificate.certificateFile().toString(),
                "RESOUND_HTTP_TLS_KEY",
                certificate.keyFile().toString());
    }
}
