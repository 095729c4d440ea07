package dev.resound.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * One encapsulated object of a PEM file (RFC 7468): {@code -----BEGIN label-----}, base64, {@code -----END label-----}.
 *
 * @param label what the object is, for example {@code CERTIFICATE}
 * @param body what is between the two lines, usually base64
 * @param ended whether the block has an END line with the same label
 */
record PemBlock(String label, String body, boolean ended) {

    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    /** The blocks of a text, in their order. Other text is ignored. The time it takes grows with the length only. */
    static List<PemBlock> of(String text) {
        List<PemBlock> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int label = begin + BEGIN.length();
            int labelEnd = text.indexOf(DASHES, label);
            int body = labelEnd + DASHES.length();
            int end = labelEnd < 0 ? -1 : text.indexOf(DASHES, body);
            if (end < 0) {
                return add(blocks, text.substring(label, labelEnd < 0 ? label : labelEnd), "", false);
            }
            String name = text.substring(label, labelEnd);
            add(blocks, name, text.substring(body, end), text.startsWith("-----END " + name + DASHES, end));
            begin = text.indexOf(BEGIN, end);
        }
        return blocks;
    }

    private static List<PemBlock> add(List<PemBlock> blocks, String label, String body, boolean ended) {
        blocks.add(new PemBlock(label, body, ended));
        return blocks;
    }

    boolean isCertificate() {
        return label.equals("CERTIFICATE") || label.equals("X509 CERTIFICATE") || label.equals("X.509 CERTIFICATE");
    }

    boolean isPrivateKey() {
        return label.endsWith("PRIVATE KEY");
    }

    /** Whether a password protects it, in either of the two ways that OpenSSL writes. */
    boolean isEncrypted() {
        return label.startsWith("ENCRYPTED") || body.contains("Proc-Type: 4,ENCRYPTED");
    }

    /** The object in DER; empty if the block is not complete or not base64. */
    Optional<byte[]> der() {
        try {
            return ended ? Optional.of(Base64.getDecoder().decode(withoutSpace(body))) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static String withoutSpace(String text) {
        var kept = new StringBuilder(text.length());
        text.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> kept.append((char) c));
        return kept.toString();
    }

    /** Without the content, which may be a private key. */
    @Override
    public String toString() {
        return label;
    }
}
