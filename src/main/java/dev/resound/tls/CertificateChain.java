package dev.resound.tls;

import dev.resound.setting.Rules;
import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The certificates of a PEM file, and the rules for those that a server shows. */
final class CertificateChain {

    /** {@code serverAuth} and {@code anyExtendedKeyUsage} (RFC 5280 section 4.2.1.12). */
    private static final Set<String> SERVER_USAGES = Set.of("1.3.6.1.5.5.7.3.1", "2.5.29.37.0");

    /** Of the key usages of RFC 5280 section 4.2.1.3: digitalSignature, keyEncipherment and keyAgreement. */
    private static final int[] TLS_KEY_USAGES = {0, 2, 4};

    /** Clients of today accept no shorter key, and TLS 1.3 cannot sign with much less. */
    private static final int LEAST_RSA_BITS = 1024;

    private CertificateChain() {}

    /**
     * Reads the certificates of a file, in their order.
     *
     * @param rules takes what is wrong with the file
     * @return empty if anything is wrong with it
     */
    static List<X509Certificate> read(PemFile file, Rules rules) {
        if (!file.brokenRule().isEmpty()) {
            return List.of();
        }
        List<PemFile.Block> blocks = file.blocks();
        List<PemFile.Block> wanted =
                blocks.stream().filter(PemFile.Block::isCertificate).toList();
        String none = "must hold X.509 certificates in PEM, each from -----BEGIN CERTIFICATE----- on";
        boolean key = blocks.stream().anyMatch(PemFile.Block::isPrivateKey);
        require(!wanted.isEmpty(), file, rules, key ? none + "; this file holds a private key" : none);
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemFile.Block block : wanted) {
            Optional<X509Certificate> certificate = parse(block);
            require(
                    certificate.isPresent(),
                    file,
                    rules,
                    "must hold X.509 certificates that can be read; number " + (certificates.size() + 1) + " cannot");
            if (certificate.isEmpty()) {
                return List.of();
            }
            certificates.add(certificate.get());
        }
        return certificates;
    }

    private static Optional<X509Certificate> parse(PemFile.Block block) {
        return block.der().flatMap(der -> {
            try {
                return Optional.of((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            } catch (CertificateException broken) {
                return Optional.empty();
            }
        });
    }

    /** States what must hold for the certificates of a server, the server's own first; there is at least one. */
    static void check(List<X509Certificate> chain, PemFile file, Instant now, Rules rules) {
        require(new HashSet<>(chain).size() == chain.size(), file, rules, "must not contain duplicate certificates");
        // RFC 5246 section 7.4.2. One that is there twice is reported as such only.
        List<X509Certificate> distinct = chain.stream().distinct().toList();
        require(
                IntStream.range(1, distinct.size()).allMatch(i -> isIssuer(distinct.get(i), distinct.get(i - 1))),
                file,
                rules,
                "must hold the server certificate first, and after each certificate the one that signed it");
        X509Certificate own = chain.getFirst();
        checkKey(own, file, rules);
        checkUsage(own, file, rules);
        // Clients do not look at the dates of a root: they have their own copy of it.
        Stream.concat(Stream.of(own), distinct.stream().skip(1).filter(other -> !isIssuer(other, other)))
                .forEach(certificate -> checkDates(certificate, file, now, rules));
    }

    private static boolean isIssuer(X509Certificate issuer, X509Certificate certificate) {
        return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    }

    private static void checkKey(X509Certificate own, PemFile file, Rules rules) {
        String algorithm = own.getPublicKey().getAlgorithm();
        boolean ec = algorithm.equals("EC");
        require(
                ec || algorithm.equals("RSA"),
                file,
                rules,
                "must hold the certificate of an RSA or EC key; this one's is " + algorithm);
        require(
                !ec || KeyFile.hasKnownCurve(algorithm(own.getPublicKey())),
                file,
                rules,
                "must hold the certificate of a key on one of the named curves P-256, P-384 and P-521");
        require(
                !(own.getPublicKey() instanceof RSAPublicKey rsa)
                        || rsa.getModulus().bitLength() >= LEAST_RSA_BITS,
                file,
                rules,
                "must hold the certificate of an RSA key of at least " + LEAST_RSA_BITS + " bits");
    }

    /** The AlgorithmIdentifier of a key (RFC 5280 section 4.1). */
    private static Der algorithm(PublicKey key) {
        return Der.of(key.getEncoded()).members().getFirst();
    }

    /** Such a certificate is for something else, and a client that checks certificates accepts it from no server. */
    private static void checkUsage(X509Certificate own, PemFile file, Rules rules) {
        require(
                extendedUsages(own)
                        .map(usages -> usages.stream().anyMatch(SERVER_USAGES::contains))
                        .orElse(true),
                file,
                rules,
                "must hold a certificate for servers; its extended key usage does not allow it");
        boolean @Nullable [] usages = own.getKeyUsage();
        require(
                usages == null
                        || Arrays.stream(TLS_KEY_USAGES).anyMatch(usage -> usage < usages.length && usages[usage]),
                file,
                rules,
                "must hold a certificate for servers; its key usage allows no TLS handshake");
    }

    private static Optional<List<String>> extendedUsages(X509Certificate certificate) {
        try {
            return Optional.ofNullable(certificate.getExtendedKeyUsage());
        } catch (CertificateParsingException unreadable) {
            return Optional.of(List.of());
        }
    }

    private static void checkDates(X509Certificate certificate, PemFile file, Instant now, Rules rules) {
        try {
            certificate.checkValidity(Date.from(now));
        } catch (CertificateException notNow) {
            require(
                    false,
                    file,
                    rules,
                    "must hold a certificate that is valid now; this one is from %s until %s"
                            .formatted(
                                    certificate.getNotBefore().toInstant(),
                                    certificate.getNotAfter().toInstant()));
        }
    }

    private static void require(boolean holds, PemFile file, Rules rules, String rule) {
        rules.require(holds, file.component(), file.path(), rule);
    }
}
