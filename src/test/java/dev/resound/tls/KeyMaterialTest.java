package dev.resound.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.resound.setting.InvalidSettings;
import dev.resound.setting.InvalidSettings.Violation;
import dev.resound.test.TestCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold for certificate and key, and that nobody is told what is in them. */
class KeyMaterialTest {

    private static final String NO_CERTIFICATE =
            "must hold X.509 certificates in PEM, each from -----BEGIN CERTIFICATE----- on";
    private static final String NO_KEY =
            "must hold an RSA or EC private key in PEM, from -----BEGIN PRIVATE KEY----- on";
    private static final String DAMAGED_KEY =
            "must hold an RSA or EC private key in PEM that can be read; this one is damaged";
    private static final String OTHER_KEY =
            "must hold the private key of the first certificate in http.tls.certificate";

    @TempDir
    private static Path directory;

    private static Vertx vertx;
    private static TestCertificate rsa;
    private static TestCertificate otherRsa;
    private static TestCertificate ec;
    private static TestCertificate expired;
    private static TestCertificate signed;

    @BeforeAll
    static void make() throws IOException {
        vertx = Vertx.vertx();
        rsa = TestCertificate.rsa(Files.createDirectory(directory.resolve("rsa")), "rsa");
        otherRsa = TestCertificate.rsa(Files.createDirectory(directory.resolve("other")), "other");
        ec = TestCertificate.ec(Files.createDirectory(directory.resolve("ec")), "ec");
        expired = TestCertificate.expired(Files.createDirectory(directory.resolve("expired")), "expired");
        signed = TestCertificate.signed(
                Files.createDirectory(directory.resolve("signed")), "signed", List.of(), "-keyalg", "EC");
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
                .contains(
                        "certificate must hold the server certificate first, and after each certificate the one that signed it");
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
        var options = KeyMaterial.of(files(rsa.certificateText(), rsa.keyText(), ec.certificateText()), Instant.now())
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
        assertThat(problems("0\u0082\u0001", "PK\u0003\u0004"))
                .containsExactly("certificate " + NO_CERTIFICATE, "key " + NO_KEY);
        assertThat(problems(rsa.keyText(), rsa.certificateText()))
                .containsExactly(
                        "certificate " + NO_CERTIFICATE + "; this file holds a private key",
                        "key " + NO_KEY + "; this file holds a certificate");
    }

    @Test
    void what_is_damaged_is_called_so() {
        String broken = "-----BEGIN CERTIFICATE-----\nMIIB!!\n-----END CERTIFICATE-----\n";
        String cut = rsa.certificateText().replace("-----END CERTIFICATE-----", "");
        for (String second : List.of(broken, cut)) {
            assertThat(problems(rsa.certificateText() + second, rsa.keyText()))
                    .containsExactly("certificate must hold X.509 certificates that can be read; number 2 cannot");
        }
        for (String key : List.of(
                rsa.keyText().replace("M", "A"),
                rsa.pkcs1Text().replace("M", "A"),
                rsa.keyText().substring(0, 200),
                rsa.keyText().replace("-----END PRIVATE", "-----END OTHER"),
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nMIIB!!\n-----END PRIVATE KEY-----")) {
            assertThat(problems(rsa.certificateText(), key)).as(key).containsExactly("key " + DAMAGED_KEY);
        }
    }

    @Test
    void a_chain_is_accepted_with_and_without_its_root() {
        String chain = signed.certificateText() + signed.authorityText();
        assertThat(of(signed.certificateText(), signed.keyText()).certificate()).isEqualTo(signed.certificate());
        assertThat(of(chain, signed.keyText()).certificate()).isEqualTo(signed.certificate());
        assertThat(of(chain + signed.rootText(), signed.keyText()).certificate())
                .isEqualTo(signed.certificate());
    }

    @Test
    void a_certificate_that_is_there_twice_is_called_so() {
        String chain = signed.certificateText() + signed.authorityText() + signed.rootText();
        for (String twice : List.of(chain + signed.rootText(), signed.certificateText() + chain)) {
            assertThat(problems(twice, signed.keyText()))
                    .containsExactly("certificate must not contain duplicate certificates");
        }
    }

    @Test
    void a_chain_in_another_order_is_refused() {
        String order =
                "certificate must hold the server certificate first, and after each certificate the one that signed it";
        assertThat(problems(signed.certificateText() + signed.rootText() + signed.authorityText(), signed.keyText()))
                .containsExactly(order);
        assertThat(problems(signed.authorityText() + signed.certificateText(), signed.keyText()))
                .containsExactly(order, "key " + OTHER_KEY);
    }

    /** The root has expired too, and is not reported: clients use their own copy of it. */
    @Test
    void an_expired_authority_is_refused() throws IOException {
        TestCertificate old = TestCertificate.signed(
                Files.createDirectory(directory.resolve("old")),
                "old",
                List.of("-startdate", "-3d", "-validity", "2"),
                "-keyalg",
                "EC");
        assertThat(problems(old.certificateText() + old.authorityText() + old.rootText(), old.keyText()))
                .singleElement()
                .asString()
                .startsWith("certificate must hold a certificate that is valid now; this one is from ");
    }

    @Test
    void keys_are_read_in_all_forms_that_openssl_writes() {
        of(OpenSslFiles.P256_CERTIFICATE, OpenSslFiles.P256_SEC1);
        of(OpenSslFiles.P256_CERTIFICATE.replace("\n", "\r\n"), OpenSslFiles.P256_SEC1.replace("\n", "\r\n"));
        of("\u00ef\u00bb\u00bf" + OpenSslFiles.P256_CERTIFICATE, "\u00ef\u00bb\u00bf" + OpenSslFiles.P256_SEC1);
        String both = OpenSslFiles.P256_CERTIFICATE + OpenSslFiles.P256_SEC1;
        of(both, both);
    }

    @Test
    void a_curve_that_the_jdk_does_not_have_is_named_as_the_reason() {
        for (String key : List.of(OpenSslFiles.SECP256K1_SEC1, OpenSslFiles.SECP256K1_PKCS8)) {
            assertThat(problems(OpenSslFiles.SECP256K1_CERTIFICATE, key))
                    .containsExactly(
                            "certificate must hold the certificate of a key on one of the named curves P-256, P-384 and"
                                    + " P-521",
                            "key must hold an EC private key on one of the named curves P-256, P-384 and P-521");
        }
        assertThat(problems(OpenSslFiles.P256_CERTIFICATE, OpenSslFiles.P256_EXPLICIT))
                .containsExactly("key must hold an EC private key on one of the named curves P-256, P-384 and P-521");
    }

    @ParameterizedTest
    @CsvSource({"Ed25519, EdDSA, Ed25519", "RSASSA-PSS, RSASSA-PSS, RSASSA-PSS", "DSA, DSA, DSA"})
    void a_key_of_another_kind_is_named_as_the_reason(String asked, String certified, String kind) throws IOException {
        TestCertificate other =
                TestCertificate.make(Files.createDirectory(directory.resolve(asked)), asked, "-keyalg", asked);
        assertThat(problems(other.certificateText(), other.keyText()))
                .containsExactly(
                        "certificate must hold the certificate of an RSA or EC key; this one's is " + certified,
                        "key must hold an RSA or EC private key; this one is of the kind " + kind);
    }

    @Test
    void an_rsa_key_that_is_too_short_is_named_as_the_reason() throws IOException {
        TestCertificate other = TestCertificate.make(
                Files.createDirectory(directory.resolve("short")), "short", "-keyalg", "RSA", "-keysize", "512");
        assertThat(problems(other.certificateText(), other.keyText()))
                .containsExactly("certificate must hold the certificate of an RSA key of at least 1024 bits");
    }

    @ParameterizedTest
    @CsvSource({
        "EKU=clientAuth, its extended key usage does not allow it",
        "KU=keyCertSign, its key usage allows no TLS handshake"
    })
    void a_certificate_that_is_not_for_servers_is_refused(String extension, String reason) throws IOException {
        TestCertificate other = TestCertificate.make(
                Files.createDirectory(directory.resolve(extension)), "other", "-keyalg", "EC", "-ext", extension);
        assertThat(problems(other.certificateText(), other.keyText()))
                .containsExactly("certificate must hold a certificate for servers; " + reason);
    }

    /** Each of these works, if not with every client. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-keyalg EC -groupname secp384r1",
                "-keyalg EC -groupname secp521r1",
                "-keyalg EC -ext EKU=any",
                "-keyalg EC -ext EKU=clientAuth,serverAuth",
                "-keyalg EC -ext KU=digitalSignature",
                "-keyalg RSA -ext KU=keyEncipherment",
                "-keyalg RSA -ext bc:c",
                "-keyalg RSA -keysize 1024",
                "-keyalg RSA -keysize 2048 -sigalg SHA1withRSA",
                "-keyalg RSA -keysize 2048 -sigalg MD5withRSA",
                "-keyalg RSA -keysize 2048 -sigalg RSASSA-PSS"
            })
    void what_is_accepted_serves_a_handshake(String options) throws Exception {
        Path folder = Files.createTempDirectory(directory, "made");
        TestCertificate made = TestCertificate.make(folder, "made", options.split(" ", -1));
        InMemoryHandshake.with(of(made.certificateText(), made.keyText()).options(), vertx);
    }

    /** A file of 1 MiB that is made to be read again and again, or to overflow the stack. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN CERTIFICATE-----",
                "-----BEGIN PRIVATE KEY-----\n",
                "-----BEGIN ",
                "-----",
                "-",
                "A",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN PRIVATE KEY-----\n-----BEGIN EC PRIVATE KEY-----\n"
            })
    void no_content_takes_long_to_refuse(String piece) {
        String large = piece.repeat(1024 * 1024 / piece.length());
        assertThat(assertTimeout(Duration.ofSeconds(10), () -> problems(large, large)))
                .hasSize(2);
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
        return KeyMaterial.of(files(certificate, key, ""), Instant.now());
    }

    private static PemFile.All files(String certificate, String key, String clientCa) {
        return new PemFile.All(
                new PemFile("certificate", "tls.crt", certificate, ""),
                new PemFile("key", "tls.key", key, ""),
                new PemFile("clientCa", clientCa.isEmpty() ? "" : "ca.crt", clientCa, ""));
    }

    private static List<String> problems(String certificate, String key) {
        return problems(files(certificate, key, ""));
    }

    private static List<String> problems(PemFile.All files) {
        var violations = new AtomicReference<List<Violation>>(List.of());
        assertThatThrownBy(() -> KeyMaterial.of(files, Instant.now()))
                .isInstanceOfSatisfying(InvalidSettings.class, invalid -> violations.set(invalid.violations()))
                .hasNoCause();
        return violations.get().stream()
                .map(violation -> violation.component() + " " + violation.rule())
                .toList();
    }
}
