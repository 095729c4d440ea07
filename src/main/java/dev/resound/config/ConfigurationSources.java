package dev.resound.config;

import dev.resound.tls.Certificates;
import io.vertx.config.ConfigRetriever;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sources of the settings, a later one wins: the defaults in the code, a YAML file, the environment, system properties.
 *
 * @param file must exist; null means {@code conf/resound.yaml} in the working directory, which need not exist
 * @param environment variables by name; those that start with {@code RESOUND_} are read
 * @param systemProperties properties by name; those that start with {@code resound.} are read
 */
public record ConfigurationSources(
        @Nullable Path file, Map<String, String> environment, Map<String, String> systemProperties) {

    public ConfigurationSources {
        environment = Map.copyOf(environment);
        systemProperties = Map.copyOf(systemProperties);
    }

    /** The sources of the running process. */
    public static ConfigurationSources ofProcess(@Nullable Path file) {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties()
                .stringPropertyNames()
                .forEach(name -> properties.put(name, System.getProperty(name, "")));
        return new ConfigurationSources(file, System.getenv(), properties);
    }

    /** Reads all sources once. Fails with {@link InvalidConfiguration} if anything is wrong with them. */
    public Future<Configuration> load(Vertx vertx) {
        ConfigFileStore store = fileStore();
        // Checked before the file is opened: a device has no end, and opening a directory fails without a clear reason.
        return vertx.executeBlocking(() -> store.obstacle().orElse(null))
                .compose(obstacle -> obstacle == null
                        ? retrieve(vertx, store).compose(retrieved -> read(vertx, retrieved, missing(store, retrieved)))
                        : read(vertx, new JsonObject(), Optional.of(obstacle)));
    }

    private static Future<JsonObject> retrieve(Vertx vertx, ConfigFileStore store) {
        ConfigRetriever retriever = store.retriever(vertx);
        return retriever.getConfig().eventually(retriever::close);
    }

    private static Optional<ConfigurationProblem> missing(ConfigFileStore store, JsonObject retrieved) {
        return store.required() && ConfigFileStore.text(retrieved).isEmpty()
                ? Optional.of(ConfigurationProblem.at(store.name(), "cannot be read"))
                : Optional.empty();
    }

    private Future<Configuration> read(
            Vertx vertx, JsonObject retrieved, Optional<ConfigurationProblem> problemOfFile) {
        ParsedSources parsed = parse(retrieved);
        problemOfFile.ifPresent(parsed::add);
        return vertx.executeBlocking(() -> ConfigurationReader.read(parsed, Certificates::check))
                .map(Objects::requireNonNull);
    }

    /** Parses all sources, the file from what a retriever read. */
    ParsedSources parse(JsonObject retrieved) {
        var parsed = new ParsedSources();
        ConfigFileStore.text(retrieved)
                .ifPresent(text -> YamlText.read(fileStore().name(), text, parsed));
        Overrides.readEnvironment(environment, parsed);
        Overrides.readProperties(systemProperties, parsed);
        return parsed;
    }

    ConfigFileStore fileStore() {
        return file == null
                ? new ConfigFileStore(ConfigFileStore.DEFAULT_PATH, false)
                : new ConfigFileStore(file, true);
    }
}
