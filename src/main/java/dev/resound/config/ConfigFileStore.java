package dev.resound.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * What vertx-config does here: it reads the file and looks whether it changed.
 *
 * <p>The file is taken raw. The format {@code yaml} lets the last of two equal keys win, throws on a file of comments, and a
 * broken file makes the retriever log a stack trace with every scan. The stores {@code env} and {@code sys} guess at types
 * and go through JSON, which is half of the time that it takes to load; and what they read cannot change in a process.
 */
final class ConfigFileStore {

    private static final String FILE = "file";

    private ConfigFileStore() {}

    /** @param period how often it looks for changes; zero for never */
    static ConfigRetriever retriever(Vertx vertx, ConfigurationFile file, Duration period) {
        // An absolute path: Vert.x looks for a relative one on the class path too, and unpacks it to the disk.
        String path = file.path().toAbsolutePath().toString();
        var store = new ConfigStoreOptions()
                .setType("file")
                .setFormat("raw")
                .setOptional(true)
                .setConfig(new JsonObject().put("path", path).put("raw.key", FILE));
        return ConfigRetriever.create(
                vertx,
                new ConfigRetrieverOptions().setScanPeriod(period.toMillis()).addStore(store));
    }

    /** The file's text; empty where it could not be read. */
    static Optional<String> fileText(JsonObject retrieved) {
        return Optional.ofNullable(retrieved.getString(FILE));
    }

    /** All that the sources say, in the order in which later wins. */
    static ParsedSources parsed(ConfigurationSources sources, JsonObject retrieved) {
        var parsed = new ParsedSources();
        String name = sources.configurationFile().name();
        fileText(retrieved).ifPresent(text -> YamlText.read(name, text, parsed));
        Overrides.readEnvironment(sources.environment(), parsed);
        Overrides.readProperties(sources.systemProperties(), parsed);
        return parsed;
    }
}
