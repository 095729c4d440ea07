package dev.resound.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The configuration file, read by vertx-config.
 *
 * <p>It is read as raw text. The format {@code yaml} lets the last of two equal keys win, throws on a file of comments, and makes the
 * retriever log a stack trace with every scan of a broken file. The stores {@code env} and {@code sys} guess types and convert to JSON,
 * which takes half of the loading time; what they read cannot change in a process.
 *
 * @param path as it was given
 * @param required whether it must exist
 */
record ConfigFileStore(Path path, boolean required) {

    /** The default file, relative to the working directory. It need not exist. */
    static final Path DEFAULT_PATH = Path.of("conf", "resound.yaml");

    private static final String KEY = "file";
    private static final long MAX_BYTES = 1024 * 1024;

    String name() {
        return path.toString();
    }

    /** A retriever that reads the file each time it is asked. */
    ConfigRetriever retriever(Vertx vertx) {
        // Vert.x would look for a relative path on the class path too, and unpack it to the disk.
        String absolute = path.toAbsolutePath().toString();
        var store = new ConfigStoreOptions()
                .setType("file")
                .setFormat("raw")
                .setOptional(true)
                .setConfig(new JsonObject().put("path", absolute).put("raw.key", KEY));
        return ConfigRetriever.create(
                vertx, new ConfigRetrieverOptions().setScanPeriod(0).addStore(store));
    }

    /** The text that a retriever read; empty if the file could not be read. */
    static Optional<String> text(JsonObject retrieved) {
        return Optional.ofNullable(retrieved.getString(KEY));
    }

    /** The reason why the file cannot be read; empty if it can, or if it does not exist and is not required. Blocks. */
    Optional<ConfigurationProblem> obstacle() {
        return reason().map(reason -> ConfigurationProblem.at(name(), reason));
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
        return size() > MAX_BYTES ? Optional.of("is larger than 1 MiB") : Optional.empty();
    }

    private long size() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            // The file has just disappeared; reading it will report that.
            return 0;
        }
    }
}
