package dev.resound.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * Looks every two seconds whether the configuration file holds something else. It reads the file rather than asks for its
 * date, so that it follows a Kubernetes ConfigMap, which swaps a link, and an editor that puts a new file in the place of
 * the old one.
 */
public final class ConfigurationWatcher {

    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** A change counts once it stayed so long: a file that is being written can be valid in the middle. */
    private static final Duration SETTLING = Duration.ofMillis(200);

    private final Vertx vertx;
    private final ConfigurationFile file;
    private final LiveConfiguration live;
    private final ConfigRetriever retriever;

    private volatile long settling = -1;
    private boolean hadFile;

    private ConfigurationWatcher(Vertx vertx, ConfigurationSources sources, LiveConfiguration live, Duration period) {
        this.vertx = vertx;
        this.file = sources.configurationFile();
        this.live = live;
        this.hadFile = file.required();
        this.retriever = Retrieval.retriever(vertx, sources, period);
    }

    /** Begins to watch. What changed since the sources were loaded is taken up too. */
    public static ConfigurationWatcher start(Vertx vertx, ConfigurationSources sources, LiveConfiguration live) {
        return start(vertx, sources, live, PERIOD);
    }

    static ConfigurationWatcher start(
            Vertx vertx, ConfigurationSources sources, LiveConfiguration live, Duration period) {
        var watcher = new ConfigurationWatcher(vertx, sources, live, period);
        watcher.retriever.listen(change -> watcher.settle(change.getNewConfiguration()));
        return watcher;
    }

    /** Ends it. */
    public Future<Void> close() {
        vertx.cancelTimer(settling);
        return retriever.close();
    }

    private void settle(JsonObject seen) {
        vertx.cancelTimer(settling);
        settling = vertx.setTimer(
                SETTLING.toMillis(),
                over -> retriever.getConfig().onSuccess(gathered -> {
                    if (gathered.equals(seen)) {
                        vertx.executeBlocking(Executors.callable(() -> judge(gathered)));
                    } else {
                        settle(gathered);
                    }
                }));
    }

    private void judge(JsonObject gathered) {
        boolean hasFile = Retrieval.fileText(gathered).isPresent();
        Optional<Problem> obstacle = hasFile ? Optional.empty() : file.obstacle();
        if (obstacle.isPresent()) {
            LiveConfiguration.refuse(obstacle.get());
        } else if (!hasFile && hadFile) {
            LiveConfiguration.refuse(Problem.at(file.name(), "is gone"));
        } else {
            hadFile = hasFile;
            follow(gathered);
        }
    }

    private void follow(JsonObject gathered) {
        try {
            live.follow(ConfigurationReader.read(Retrieval.findings(file.name(), gathered)));
        } catch (InvalidConfiguration invalid) {
            invalid.problems().forEach(LiveConfiguration::refuse);
        }
    }
}
