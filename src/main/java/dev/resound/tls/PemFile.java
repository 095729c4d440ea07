package dev.resound.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * What a file held at one moment.
 *
 * @param component the setting that names it
 * @param path as the person wrote it; empty where no file is named
 * @param text its content, in Latin-1, so that every octet is kept; empty where it could not be read
 * @param brokenRule what must hold and does not, so that it could not be read; empty where it could
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

    boolean isNamed() {
        return !path.isEmpty();
    }

    /** Without its content, which may be a private key. */
    @Override
    public String toString() {
        return component + "=" + path;
    }
}
