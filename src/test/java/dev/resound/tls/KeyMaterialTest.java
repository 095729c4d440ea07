package dev.resound.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.setting.InvalidSettings;
import dev.resound.setting.Violation;
import dev.resound.test.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must hold for certificate and key, and that nobody is told what is in them. */
class KeyMaterialTest {

    private static final String NO_CERTIFICATE =
            "must hold X.509 certificates in PEM, each from -----BEGIN CERTIFICATE----- on";
    private static final String NO_KEY =
            "must hold an RSA or EC private key in PEM, from -----BEGIN PRIVATE KEY----- on";
    private static final String OTHER_KEY =
            "must hold the private key of the first certificate in http.tls.certificate";

    @TempDir
    private static Path directory;

    private static Vertx vertx;
    private static TestCertificate rsa;
    private static TestCertificate otherRsa;
    private static TestCertificate ec;
    private static TestCertificate expired;

    @BeforeAll
    static void make() throws IOException {
        vertx = Vertx.vertx();
        rsa = TestCertificate.rsa(Files.createDirectory(directory.resolve("rsa")), "rsa");
        otherRsa = TestCertificate.rsa(Files.createDirectory(directory.resolve("other")), "other");
        ec = TestCertificate.ec(Files.createDirectory(directory.resolve("ec")), "ec");
        expired = TestCertificate.expired(Files.createDirectory(directory.resolve("expired")), "expired");
    }

    @AfterAll
    static void close() {
        vertx.close().await();
    }

    @Test
    void an_rsa_key_fits_its_certificate_as_pkcs8_and_as_pkcs1() {
        assertThat(of(rsa.certificateText(), rsa.keyText()).certificate()).isEqualTo(rsa.certificate());
        assertThat(of(rsa.certificateText(), rsa.pkcs1Text()).certificate()).isEqualTo(rsa.certificate());
    }

    @Test
    void an_ec_key_fits_its_certificate() {
        assertThat(of(ec.certificateText(), ec.keyText()).certificate()).isEqualTo(ec.certificate());
    }

    @Test
    void text_around_a_certificate_is_no_matter() {
        assertThat(of("subject=CN = ec\n" + ec.certificateText() + "\n# end\n", ec.keyText())
                        .certificate())
                .isEqualTo(ec.certificate());
    }

    @Test
    void a_certificate_that_has_not_signed_the_one_before_is_refused() {
        assertThat(problems(ec.certificateText() + rsa.certificateText(), ec.keyText()))
                .contains("certificate must hold the certificate first, and behind each the one that has signed it");
    }

    @Test
    void only_modern_protocols_and_ciphers_are_spoken() {
        var options = of(rsa.certificateText(), rsa.keyText()).options();
        assertThat(options.getEnabledSecureTransportProtocols()).containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
        assertThat(options.getEnabledCipherSuites())
                .isNotEmpty()
                .allMatch(suite -> suite.contains("_GCM_") || suite.contains("_CHACHA20_"))
                .allMatch(suite -> suite.contains("_ECDHE_") || !suite.contains("_WITH_"));
        assertThat(options.getClientAuth()).isEqualTo(ClientAuth.NONE);
    }

    @Test
    void with_authorities_of_clients_a_certificate_is_required() {
        var options = KeyMaterial.of(vertx, files(rsa.certificateText(), rsa.keyText(), ec.certificateText()))
                .options();
        assertThat(options.getClientAuth()).isEqualTo(ClientAuth.REQUIRED);
        assertThat(options.getTrustOptions()).isNotNull();
    }

    @Test
    void a_key_of_another_certificate_is_refused() {
        assertThat(problems(rsa.certificateText(), otherRsa.keyText())).containsExactly("key " + OTHER_KEY);
        assertThat(problems(rsa.certificateText(), ec.keyText())).containsExactly("key " + OTHER_KEY);
        assertThat(problems(ec.certificateText(), rsa.pkcs1Text())).containsExactly("key " + OTHER_KEY);
    }

    @Test
    void an_expired_certificate_is_refused_with_its_dates() {
        assertThat(problems(expired.certificateText(), expired.keyText()))
                .containsExactly("certificate must hold a certificate that is valid now; this one is from %s until %s"
                        .formatted(
                                expired.certificate().getNotBefore().toInstant(),
                                expired.certificate().getNotAfter().toInstant()));
    }

    @Test
    void what_is_not_pem_is_refused_all_at_once() {
        assertThat(problems("", "")).containsExactly("certificate " + NO_CERTIFICATE, "key " + NO_KEY);
        assertThat(problems(rsa.keyText(), rsa.certificateText()))
                .containsExactly("certificate " + NO_CERTIFICATE, "key " + NO_KEY);
        String broken = "-----BEGIN CERTIFICATE-----\nMIIB!!\n-----END CERTIFICATE-----\n";
        assertThat(problems(rsa.certificateText() + broken, rsa.keyText()))
                .containsExactly("certificate " + NO_CERTIFICATE);
        assertThat(problems(rsa.certificateText(), rsa.keyText().replace("M", "A")))
                .containsExactly("key " + NO_KEY);
        assertThat(problems(rsa.certificateText(), rsa.pkcs1Text().replace("M", "A")))
                .containsExactly("key " + OTHER_KEY);
    }

    @Test
    void an_encrypted_key_is_refused() {
        assertThat(problems(rsa.certificateText(), rsa.keyText().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")))
                .containsExactly("key must hold a private key that is not encrypted");
    }

    @Test
    void authorities_of_clients_have_to_be_certificates() {
        assertThat(problems(files(rsa.certificateText(), rsa.keyText(), "nothing")))
                .containsExactly("clientCa " + NO_CERTIFICATE);
    }

    private static KeyMaterial of(String certificate, String key) {
        return KeyMaterial.of(vertx, files(certificate, key, ""));
    }

    private static PemFiles files(String certificate, String key, String clientCa) {
        return new PemFiles(
                new PemFile("certificate", "tls.crt", certificate, ""),
                new PemFile("key", "tls.key", key, ""),
                new PemFile("clientCa", clientCa.isEmpty() ? "" : "ca.crt", clientCa, ""));
    }

    private static List<String> problems(String certificate, String key) {
        return problems(files(certificate, key, ""));
    }

    private static List<String> problems(PemFiles files) {
        var violations = new AtomicReference<List<Violation>>(List.of());
        assertThatThrownBy(() -> KeyMaterial.of(vertx, files))
                .isInstanceOfSatisfying(InvalidSettings.class, invalid -> violations.set(invalid.violations()))
                .hasNoCause();
        return violations.get().stream()
                .map(violation -> violation.component() + " " + violation.rule())
                .toList();
    }
}
