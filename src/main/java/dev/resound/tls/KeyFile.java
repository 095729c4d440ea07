package dev.resound.tls;

import dev.resound.setting.Rules;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The private key of a PEM file, as PKCS#8 (RFC 5958), PKCS#1 (RFC 8017, as cert-manager writes RSA keys) or SEC 1 (RFC 5915, as
 * OpenSSL writes EC keys). Nothing that it reports holds a part of the key.
 */
final class KeyFile {

    /** Object identifiers, without their tag and length, in hexadecimal digits. */
    private static final String RSA = "2a864886f70d010101";

    private static final String EC = "2a8648ce3d0201";

    /** P-256, P-384 and P-521. */
    private static final Set<String> CURVES = Set.of("2a8648ce3d030107", "2b81040022", "2b81040023");

    /** Other algorithms that people use, by their object identifiers. */
    private static final Map<String, String> OTHERS = Map.of(
            "2a864886f70d01010a", "RSASSA-PSS",
            "2a8648ce380401", "DSA",
            "2b656e", "X25519",
            "2b656f", "X448",
            "2b6570", "Ed25519",
            "2b6571", "Ed448");

    /** RSA's algorithm in PKCS#8: its object identifier, and NULL. */
    private static final ByteBuffer RSA_IDENTIFIER =
            ByteBuffer.wrap(HexFormat.of().parseHex("300d06092a864886f70d0101010500"));

    private static final ByteBuffer EC_OID = ByteBuffer.wrap(HexFormat.of().parseHex("06072a8648ce3d0201"));
    private static final ByteBuffer VERSION_0 = ByteBuffer.wrap(new byte[] {Der.INTEGER, 1, 0});

    private static final byte[] PROBE = {1, 2, 3, 4};

    private KeyFile() {}

    /**
     * Reads the first private key of a file.
     *
     * @param certified the key of the certificate that it belongs to; empty if there is none to compare it with
     * @param rules takes what is wrong with the file
     * @return empty if anything is wrong with it
     */
    static Optional<PrivateKey> read(PemFile file, Optional<PublicKey> certified, Rules rules) {
        if (!file.brokenRule().isEmpty()) {
            return Optional.empty();
        }
        try {
            PrivateKey key = parse(file.text());
            if (certified.isPresent() && !fit(key, certified.get())) {
                throw new Unfit("must hold the private key of the first certificate in http.tls.certificate");
            }
            return Optional.of(key);
        } catch (Unfit unfit) {
            rules.require(false, file.component(), file.path(), unfit.rule);
            return Optional.empty();
        }
    }

    /** A rule that a key breaks. */
    private static final class Unfit extends Exception {

        private static final long serialVersionUID = 1;

        private final String rule;

        Unfit(String rule) {
            this.rule = rule;
        }
    }

    private static PrivateKey parse(String text) throws Unfit {
        List<PemFile.Block> blocks = PemFile.Block.of(text);
        PemFile.Block block = blocks.stream()
                .filter(PemFile.Block::isPrivateKey)
                .findFirst()
                .orElseThrow(() -> new Unfit("must hold an RSA or EC private key in PEM, from"
                        + " -----BEGIN PRIVATE KEY----- on"
                        + (blocks.stream().anyMatch(PemFile.Block::isCertificate)
                                ? "; this file holds a certificate"
                                : "")));
        if (block.isEncrypted()) {
            throw new Unfit("must hold a private key that is not encrypted");
        }
        try {
            var der = Der.of(block.der().orElseThrow(IllegalArgumentException::new));
            return switch (block.label()) {
                case "PRIVATE KEY" -> generate(der);
                case "RSA PRIVATE KEY" -> generate(pkcs8(RSA_IDENTIFIER, der));
                case "EC PRIVATE KEY" -> generate(pkcs8(ecIdentifier(der), der));
                default -> throw new Unfit(ofOtherKind(block.label().replace(" PRIVATE KEY", "")));
            };
        } catch (IllegalArgumentException notDer) {
            throw new Unfit("must hold an RSA or EC private key in PEM that can be read; this one is damaged");
        }
    }

    private static String ofOtherKind(String kind) {
        return "must hold an RSA or EC private key; this one is of the kind " + kind;
    }

    private static PrivateKey generate(Der pkcs8) throws Unfit {
        String algorithm = member(member(pkcs8, 1), 0).hex();
        if (!algorithm.equals(RSA) && !algorithm.equals(EC)) {
            throw new Unfit(ofOtherKind(OTHERS.getOrDefault(algorithm, "DER " + algorithm)));
        }
        if (algorithm.equals(EC) && !hasKnownCurve(member(pkcs8, 1))) {
            throw new Unfit("must hold an EC private key on one of the named curves P-256, P-384 and P-521");
        }
        try {
            return KeyFactory.getInstance(algorithm.equals(EC) ? "EC" : "RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Der.bytes(pkcs8.encoded())));
        } catch (InvalidKeySpecException unreadable) {
            throw new IllegalArgumentException(unreadable);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has RSA and EC", e);
        }
    }

    /**
     * Whether the JDK can sign with the curve of an EC key. It can read keys on some others.
     *
     * @param algorithm the key's AlgorithmIdentifier (RFC 5480)
     */
    static boolean hasKnownCurve(Der algorithm) {
        List<Der> members = algorithm.members();
        return members.size() > 1 && CURVES.contains(members.get(1).hex());
    }

    /** PKCS#8 is one of the other two forms with an algorithm in front of it. */
    private static Der pkcs8(ByteBuffer algorithm, Der key) {
        return Der.encode(
                Der.SEQUENCE,
                VERSION_0,
                algorithm,
                Der.encode(Der.OCTET_STRING, key.encoded()).encoded());
    }

    /** The algorithm of an EC key with the curve that SEC 1 has within the key. */
    private static ByteBuffer ecIdentifier(Der sec1) throws Unfit {
        Der curve = sec1.members().stream()
                .filter(member -> member.tag() == Der.MEMBER_0)
                .findFirst()
                .orElseThrow(() -> new Unfit("must hold an EC private key that names its curve"));
        return Der.encode(Der.SEQUENCE, EC_OID, curve.content()).encoded();
    }

    private static Der member(Der sequence, int index) {
        List<Der> members = sequence.members();
        if (index >= members.size()) {
            throw new IllegalArgumentException("a member is missing");
        }
        return members.get(index);
    }

    /** Whether the two are a pair: what one signs, the other one verifies. */
    private static boolean fit(PrivateKey key, PublicKey certified) {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
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
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256 with RSA and ECDSA", e);
        }
    }
}
