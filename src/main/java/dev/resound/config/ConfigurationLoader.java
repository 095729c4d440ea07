package dev.resound.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

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
        ConfigRetriever retriever = Retrieval.retriever(vertx, sources, Duration.ZERO);
        // Asked before the file is opened: a pipe would never answer, and a directory without saying why.
        return vertx.executeBlocking(() -> file.obstacle().orElse(null))
                .compose(obstacle -> retriever.getConfig().map(gathered -> read(file, obstacle, gathered)))
                .eventually(retriever::close);
    }

    private static Configuration read(ConfigurationFile file, @Nullable Problem obstacle, JsonObject gathered) {
        Findings findings = Retrieval.findings(file.name(), gathered);
        if (obstacle != null) {
            findings.add(obstacle);
        } else if (file.required() && Retrieval.fileText(gathered).isEmpty()) {
            findings.add(Problem.at(file.name(), "cannot be read"));
        }
        return ConfigurationReader.read(findings);
    }
}
