package dev.resound.config;

import dev.resound.tls.Certificates;
import io.vertx.config.ConfigRetriever;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Reads the configuration once, as a start needs it. */
public final class ConfigurationLoader {

    private final Vertx vertx;
    private final ConfigurationSources sources;

    public ConfigurationLoader(Vertx vertx, ConfigurationSources sources) {
        this.vertx = vertx;
        this.sources = sources;
    }

    /** The configuration; fails with {@link InvalidConfiguration} where anything is wrong with it. */
    public Future<Configuration> load() {
        ConfigurationFile file = sources.configurationFile();
        // Asked before the file is opened: a device has no end, and a directory does not say what is wrong.
        return vertx.executeBlocking(() -> file.obstacle().orElse(null))
                .compose(obstacle -> obstacle == null
                        ? retrieve(file).compose(retrieved -> read(retrieved, missing(file, retrieved)))
                        : read(new JsonObject(), Optional.of(obstacle)));
    }

    private Future<JsonObject> retrieve(ConfigurationFile file) {
        ConfigRetriever retriever = ConfigFileStore.retriever(vertx, file, Duration.ZERO);
        return retriever.getConfig().eventually(retriever::close);
    }

    private static Optional<Problem> missing(ConfigurationFile file, JsonObject retrieved) {
        return file.required() && ConfigFileStore.fileText(retrieved).isEmpty()
                ? Optional.of(Problem.at(file.name(), "cannot be read"))
                : Optional.empty();
    }

    private Future<Configuration> read(JsonObject retrieved, Optional<Problem> withFile) {
        ParsedSources parsed = ConfigFileStore.parsed(sources, retrieved);
        withFile.ifPresent(parsed::add);
        return vertx.executeBlocking(() -> ConfigurationReader.read(parsed, Certificates::check))
                .map(Objects::requireNonNull);
    }
}
