package dev.resound.tls;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * A private key as a PEM file holds it: PKCS#8, PKCS#1 (as cert-manager writes it) or SEC 1. Vert.x reads all three, but only
 * together with a certificate, and does not see when the two do not belong together; then every handshake would fail.
 */
final class KeyText {

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN (RSA |EC |)PRIVATE KEY-----([^-]*+)-----END");
    private static final byte[] PROBE = {1, 2, 3, 4};

    private KeyText() {}

    static boolean isEncrypted(String pem) {
        return pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.contains("Proc-Type: 4,ENCRYPTED");
    }

    /** {@code RSA} or {@code EC}; empty where there is no such key. */
    static Optional<String> algorithm(String pem) {
        var key = BEGIN.matcher(pem);
        if (!key.find()) {
            return Optional.empty();
        }
        String label = key.group(1).strip();
        return label.isEmpty()
                ? Stream.of("RSA", "EC")
                        .filter(algorithm -> isPkcs8(algorithm, key.group(2)))
                        .findFirst()
                : Optional.of(label);
    }

    private static boolean isPkcs8(String algorithm, String base64) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            return true;
        } catch (InvalidKeySpecException | IllegalArgumentException other) {
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has RSA and EC", e);
        }
    }

    /** The key, as Vert.x will use it; empty where it cannot read it. */
    static Optional<PrivateKey> load(Vertx vertx, PemKeyCertOptions pair, String algorithm) {
        try {
            for (KeyManager manager : pair.getKeyManagerFactory(vertx).getKeyManagers()) {
                if (manager instanceof X509KeyManager keys) {
                    return Optional.ofNullable(keys.getServerAliases(algorithm, null))
                            .map(aliases -> keys.getPrivateKey(aliases[0]));
                }
            }
            return Optional.empty();
        } catch (Exception unreadable) { // Whatever the parsers throw; its message could hold a part of the key.
            return Optional.empty();
        }
    }

    /** Whether the two are a pair: what one signs, the other one verifies. */
    static boolean fit(PrivateKey key, PublicKey certified) {
        try {
            Signature signature =
                    Signature.getInstance("SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA"));
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException other) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256 with RSA and ECDSA", e);
        }
    }
}
