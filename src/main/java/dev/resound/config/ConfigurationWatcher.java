package dev.resound.config;

import dev.resound.io.FileWatch;
import io.vertx.config.ConfigRetriever;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Watches the configuration file, and takes up each change or reports why it is refused. */
public final class ConfigurationWatcher {

    private final ConfigurationSources sources;
    private final ConfigFileStore store;
    private final LiveConfiguration live;
    private final Runnable onRefusal;
    private final ConfigRetriever retriever;
    private final FileWatch<JsonObject> watch;

    /** What was checked last. */
    private volatile @Nullable JsonObject checked;

    private boolean hadFile;

    private ConfigurationWatcher(
            Vertx vertx,
            ConfigurationSources sources,
            LiveConfiguration live,
            Runnable onRefusal,
            FileWatch.Pace pace) {
        this.sources = sources;
        this.store = sources.fileStore();
        this.live = live;
        this.onRefusal = onRefusal;
        this.retriever = store.retriever(vertx);
        this.watch = FileWatch.start(
                vertx,
                "configuration",
                retriever::getConfig,
                retrieved -> retrieved.equals(checked)
                        ? Future.succeededFuture()
                        : vertx.executeBlocking(Executors.callable(() -> check(retrieved))),
                pace);
    }

    /**
     * Starts to watch. A change made after the sources were loaded is taken up too.
     *
     * @param onRefusal runs once for each change that is refused
     */
    public static ConfigurationWatcher start(
            Vertx vertx, ConfigurationSources sources, LiveConfiguration live, Runnable onRefusal) {
        return start(vertx, sources, live, onRefusal, FileWatch.Pace.DEFAULT);
    }

    static ConfigurationWatcher start(
            Vertx vertx,
            ConfigurationSources sources,
            LiveConfiguration live,
            Runnable onRefusal,
            FileWatch.Pace pace) {
        return new ConfigurationWatcher(vertx, sources, live, onRefusal, pace);
    }

    /** Stops to watch. */
    public Future<Void> close() {
        watch.close();
        return retriever.close();
    }

    private void check(JsonObject retrieved) {
        try {
            follow(retrieved);
        } catch (InvalidConfiguration invalid) {
            onRefusal.run();
            invalid.problems().forEach(LiveConfiguration::refuse);
        }
        checked = retrieved;
    }

    private void follow(JsonObject retrieved) {
        boolean present = ConfigFileStore.text(retrieved).isPresent();
        Optional<ConfigurationProblem> obstacle = store.obstacle()
                .or(() -> hadFile && !present
                        ? Optional.of(ConfigurationProblem.at(
                                store.name(), Files.exists(store.path()) ? "cannot be read" : "no longer exists"))
                        : Optional.empty());
        if (obstacle.isPresent()) {
            throw new InvalidConfiguration(List.of(obstacle.get()));
        }
        if (present) { // Without a file, the service keeps its settings instead of returning to the defaults.
            hadFile = true;
            live.follow(ConfigurationReader.read(sources.parse(retrieved)));
        }
    }
}
