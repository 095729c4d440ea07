package dev.resound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ResoundProcess;
import dev.resound.test.TestCertificate;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS as people set it up for the packaged program. */
class TlsIT {

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

    private static Map<String, String> settings(TestCertificate certificate) {
        return Map.of(
                "RESOUND_HTTP_TLS_CERTIFICATE",
                certificate.certificateFile().toString(),
                "RESOUND_HTTP_TLS_KEY",
                certificate.keyFile().toString());
    }
}
