package dev.resound.tls;

import dev.resound.setting.Rules;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The server's certificate with its key, and the authorities of clients' certificates. All rules hold for them. */
final class KeyMaterial {

    static {
        // All server names get the same certificate, so nobody needs to look at them. The JDK would: it ends the
        // handshake if a
        // name is not a host name, such as the underscore in the name of a service of Docker Compose, or the dot at the
        // end.
        System.setProperty("jdk.tls.server.disableExtensions", disabledExtensions());
    }

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** For TLS 1.2 only those with forward secrecy and authenticated encryption, as HTTP/2 requires (RFC 9113 section 9.2.2). */
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

    /** Those that somebody else has disabled stay so. */
    private static String disabledExtensions() {
        String others = System.getProperty("jdk.tls.server.disableExtensions", "");
        return others.isEmpty() ? "server_name" : "server_name," + others;
    }

    /**
     * Checks the files, and makes what a server needs of them; takes some milliseconds.
     *
     * @param now when the certificates have to be valid
     * @throws dev.resound.setting.InvalidSettings naming every rule that the files break, and nothing of what they hold
     */
    static KeyMaterial of(PemFile.All files, Instant now) {
        var rules = new Rules();
        files.files()
                .forEach(file ->
                        rules.require(file.brokenRule().isEmpty(), file.component(), file.path(), file.brokenRule()));
        List<X509Certificate> chain = CertificateChain.read(files.certificate(), rules);
        if (!chain.isEmpty()) {
            CertificateChain.check(chain, files.certificate(), now, rules);
        }
        Optional<PublicKey> certified = chain.stream().findFirst().map(X509Certificate::getPublicKey);
        Optional<PrivateKey> key = KeyFile.read(files.key(), certified, rules);
        List<X509Certificate> authorities =
                files.clientCa().isNamed() ? CertificateChain.read(files.clientCa(), rules) : List.of();
        rules.check();
        return new KeyMaterial(chain.getFirst(), options(new ServerKey(key.orElseThrow(), chain), authorities));
    }

    private static ServerSSLOptions options(ServerKey key, List<X509Certificate> authorities) {
        var options = new ServerSSLOptions()
                .setKeyCertOptions(KeyCertOptions.wrap(key))
                .setEnabledSecureTransportProtocols(new LinkedHashSet<>(PROTOCOLS))
                // The deadline from accept covers the TLS handshake, and does not charge a stall to the client.
                .setSslHandshakeTimeout(0);
        CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
        if (!authorities.isEmpty()) {
            var trust = new PemTrustOptions();
            authorities.forEach(authority -> trust.addCertValue(pem(authority)));
            options.setTrustOptions(trust).setClientAuth(ClientAuth.REQUIRED);
        }
        return options;
    }

    private static Buffer pem(X509Certificate certificate) {
        try {
            String base64 = Base64.getEncoder().encodeToString(certificate.getEncoded());
            return Buffer.buffer("-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /** The server's own. */
    X509Certificate certificate() {
        return certificate;
    }

    /** The options to start a server with, or to update one with. */
    ServerSSLOptions options() {
        return options.copy();
    }

    /** Gives the only key and certificate chain to the JDK, whatever server name a client asks for. */
    private static final class ServerKey extends X509ExtendedKeyManager {

        private static final String ALIAS = "server";

        private final PrivateKey key;
        private final X509Certificate[] chain;

        ServerKey(PrivateKey key, List<X509Certificate> chain) {
            this.key = key;
            this.chain = chain.toArray(X509Certificate[]::new);
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String algorithm, Principal @Nullable [] issuers, SSLEngine engine) {
            return algorithm.equals(key.getAlgorithm()) ? ALIAS : null;
        }

        @Override
        public @Nullable String chooseServerAlias(String algorithm, Principal @Nullable [] issuers, Socket socket) {
            return algorithm.equals(key.getAlgorithm()) ? ALIAS : null;
        }

        @Override
        public String @Nullable [] getServerAliases(String algorithm, Principal @Nullable [] issuers) {
            return algorithm.equals(key.getAlgorithm()) ? new String[] {ALIAS} : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return chain.clone();
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        /** None: this is no client. */
        @Override
        public String @Nullable [] getClientAliases(String algorithm, Principal @Nullable [] issuers) {
            return null;
        }

        /** None: this is no client. */
        @Override
        public @Nullable String chooseClientAlias(String[] algorithms, Principal @Nullable [] issuers, Socket socket) {
            return null;
        }
    }
}
