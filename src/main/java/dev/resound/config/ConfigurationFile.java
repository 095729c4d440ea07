package dev.resound.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file that settings are read from.
 *
 * @param path as the person wrote it
 * @param required whether it has to be there
 */
record ConfigurationFile(Path path, boolean required) {

    /** In the working directory; it need not be there. */
    static final Path USUAL = Path.of("conf", "resound.yaml");

    private static final long MOST_BYTES = 1024 * 1024;

    String name() {
        return path.toString();
    }

    /** Why it cannot be read; empty where it can, and where there is none and none is needed. Blocks. */
    Optional<Problem> obstacle() {
        return reason().map(reason -> Problem.at(name(), reason));
    }

    private Optional<String> reason() {
        if (!Files.exists(path)) {
            boolean dangling = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
            return required || dangling
                    ? Optional.of(dangling ? "is a link to a file that does not exist" : "does not exist")
                    : Optional.empty();
        } else if (Files.isDirectory(path)) {
            return Optional.of("is a directory, not a file");
        } else if (!Files.isRegularFile(path)) {
            return Optional.of("is not a regular file");
        } else if (!Files.isReadable(path)) {
            return Optional.of("cannot be read by this user");
        }
        return size() > MOST_BYTES ? Optional.of("is larger than 1 MiB") : Optional.empty();
    }

    private long size() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            // Gone in between: whoever reads it next will find that out.
            return 0;
        }
    }
}
