package dev.resound.tls;

import dev.resound.setting.Rules;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A certificate with its key, and the authorities of clients' certificates, that were found to be good. */
final class KeyMaterial {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** For TLS 1.2 those with forward secrecy and authenticated encryption only, as HTTP/2 wants it (RFC 9113 section 9.2.2). */
    private static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final X509Certificate certificate;
    private final ServerSSLOptions options;

    private KeyMaterial(X509Certificate certificate, ServerSSLOptions options) {
        this.certificate = certificate;
        this.options = options;
    }

    /**
     * Makes it of files; blocks for some milliseconds.
     *
     * @throws dev.resound.setting.InvalidSettings naming every rule that they break, and nothing of what they hold
     */
    static KeyMaterial of(Vertx vertx, PemFiles files) {
        var rules = new Rules();
        files.all()
                .forEach(file ->
                        rules.require(file.brokenRule().isEmpty(), file.component(), file.path(), file.brokenRule()));
        Optional<X509Certificate> certificate = certificateOf(files.certificate(), rules);
        checkOrder(files.certificate(), rules);
        checkValidity(certificate, files.certificate(), rules);
        checkKey(vertx, files, certificate, rules);
        if (files.clientCa().isNamed()) {
            certificateOf(files.clientCa(), rules);
        }
        rules.check();
        return new KeyMaterial(certificate.orElseThrow(), options(files));
    }

    private static Optional<X509Certificate> certificateOf(PemFile file, Rules rules) {
        List<X509Certificate> certificates = CertificateText.parse(file.text());
        rules.require(
                !file.brokenRule().isEmpty() || !certificates.isEmpty(),
                file.component(),
                file.path(),
                "must hold X.509 certificates in PEM, each from -----BEGIN CERTIFICATE----- on");
        return certificates.stream().findFirst();
    }

    /** The JDK takes no others for a key. */
    private static void checkOrder(PemFile file, Rules rules) {
        List<X509Certificate> chain = CertificateText.parse(file.text());
        boolean ordered = IntStream.range(1, chain.size())
                .allMatch(i -> chain.get(i - 1)
                        .getIssuerX500Principal()
                        .equals(chain.get(i).getSubjectX500Principal()));
        rules.require(
                ordered,
                file.component(),
                file.path(),
                "must hold the certificate first, and behind each the one that has signed it");
    }

    private static void checkValidity(Optional<X509Certificate> certificate, PemFile file, Rules rules) {
        certificate.ifPresent(first -> {
            try {
                first.checkValidity();
            } catch (CertificateException notNow) {
                rules.require(
                        false,
                        file.component(),
                        file.path(),
                        "must hold a certificate that is valid now; this one is from %s until %s"
                                .formatted(
                                        first.getNotBefore().toInstant(),
                                        first.getNotAfter().toInstant()));
            }
        });
    }

    private static void checkKey(Vertx vertx, PemFiles files, Optional<X509Certificate> certificate, Rules rules) {
        PemFile file = files.key();
        if (!file.brokenRule().isEmpty()) {
            return;
        }
        if (KeyText.isEncrypted(file.text())) {
            rules.require(false, file.component(), file.path(), "must hold a private key that is not encrypted");
            return;
        }
        Optional<String> algorithm = KeyText.algorithm(file.text());
        rules.require(
                algorithm.isPresent(),
                file.component(),
                file.path(),
                "must hold an RSA or EC private key in PEM, from -----BEGIN PRIVATE KEY----- on");
        if (algorithm.isPresent() && certificate.isPresent()) {
            rules.require(
                    isKeyOf(vertx, files, algorithm.get(), certificate.get()),
                    file.component(),
                    file.path(),
                    "must hold the private key of the first certificate in http.tls.certificate");
        }
    }

    private static boolean isKeyOf(Vertx vertx, PemFiles files, String algorithm, X509Certificate certificate) {
        return algorithm.equals(certificate.getPublicKey().getAlgorithm())
                && KeyText.load(vertx, pair(files), algorithm)
                        .filter(key -> KeyText.fit(key, certificate.getPublicKey()))
                        .isPresent();
    }

    private static PemKeyCertOptions pair(PemFiles files) {
        return new PemKeyCertOptions()
                .addCertValue(content(files.certificate()))
                .addKeyValue(content(files.key()));
    }

    private static Buffer content(PemFile file) {
        return Buffer.buffer(file.text(), "ISO-8859-1");
    }

    private static ServerSSLOptions options(PemFiles files) {
        var options = new ServerSSLOptions()
                .setKeyCertOptions(pair(files))
                .setEnabledSecureTransportProtocols(new LinkedHashSet<>(PROTOCOLS));
        CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
        if (files.clientCa().isNamed()) {
            options.setTrustOptions(new PemTrustOptions().addCertValue(content(files.clientCa())))
                    .setClientAuth(ClientAuth.REQUIRED);
        }
        return options;
    }

    /** That of this server. */
    X509Certificate certificate() {
        return certificate;
    }

    /** For a server, or for the update of one. */
    ServerSSLOptions options() {
        return options.copy();
    }
}
