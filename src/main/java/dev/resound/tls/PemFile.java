package dev.resound.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The content of a PEM file (RFC 7468) at one moment.
 *
 * @param component the setting that names it
 * @param path as configured; empty if no file is named
 * @param text its content in Latin-1, which keeps every octet; empty if it could not be read
 * @param brokenRule the rule that it breaks so that it could not be read; empty otherwise
 */
record PemFile(String component, String path, String text, String brokenRule) {

    private static final long MOST_BYTES = 1024 * 1024;

    /** Reads it; blocks. */
    static PemFile read(String component, String path) {
        if (path.isEmpty()) {
            return new PemFile(component, path, "", "");
        }
        try {
            Path file = Path.of(path);
            String brokenRule = brokenRule(file);
            String text = brokenRule.isEmpty() ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
            return new PemFile(component, path, text, brokenRule);
        } catch (InvalidPathException e) {
            return new PemFile(component, path, "", "must be the path of a file");
        } catch (IOException e) {
            return new PemFile(component, path, "", "must name a file that can be read");
        }
    }

    private static String brokenRule(Path file) throws IOException {
        if (!Files.exists(file)) {
            return "must name a file that exists";
        } else if (!Files.isRegularFile(file)) {
            return "must name a regular file";
        } else if (!Files.isReadable(file)) {
            return "must name a file that this user can read";
        }
        return Files.size(file) > MOST_BYTES ? "must name a file of at most 1 MiB" : "";
    }

    /** The objects in the file, in order. */
    List<Block> blocks() {
        return Block.of(text);
    }

    boolean isNamed() {
        return !path.isEmpty();
    }

    /** Without its content, which may be a private key. */
    @Override
    public String toString() {
        return component + "=" + path;
    }

    /** All files named by the settings, at one moment. Equal if their content is equal. */
    record All(PemFile certificate, PemFile key, PemFile clientCa) {

        /** Reads them; blocks. */
        static All read(TlsSettings settings) {
            return new All(
                    PemFile.read("certificate", settings.certificate()),
                    PemFile.read("key", settings.key()),
                    PemFile.read("clientCa", settings.clientCa()));
        }

        Stream<PemFile> files() {
            return Stream.of(certificate, key, clientCa);
        }
    }

    /**
     * One object of a PEM file: {@code -----BEGIN label-----}, base64, {@code -----END label-----}.
     *
     * @param label what the object is, for example {@code CERTIFICATE}
     * @param body the text between the two lines, usually base64
     * @param ended whether the block has an END line with the same label
     */
    record Block(String label, String body, boolean ended) {

        private static final String BEGIN = "-----BEGIN ";
        private static final String DASHES = "-----";

        /** The blocks of a text, in order. Other text is ignored. Takes linear time. */
        static List<Block> of(String text) {
            List<Block> blocks = new ArrayList<>();
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

        private static List<Block> add(List<Block> blocks, String label, String body, boolean ended) {
            blocks.add(new Block(label, body, ended));
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
}
