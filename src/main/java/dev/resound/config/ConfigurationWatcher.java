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

    /**
     * How fast it goes.
     *
     * @param period between two looks at the file
     * @param settling how long a change has to stay: a file that is half written can be valid, without its second half
     */
    record Pace(Duration period, Duration settling) {

        static final Pace USUAL = new Pace(Duration.ofSeconds(2), Duration.ofMillis(200));
    }

    private final Vertx vertx;
    private final ConfigurationSources sources;
    private final ConfigurationFile file;
    private final LiveConfiguration live;
    private final Duration settling;
    private final ConfigRetriever retriever;

    private volatile long timer = -1;
    private volatile boolean closed;
    private boolean hadFile;

    private ConfigurationWatcher(Vertx vertx, ConfigurationSources sources, LiveConfiguration live, Pace pace) {
        this.vertx = vertx;
        this.sources = sources;
        this.file = sources.configurationFile();
        this.live = live;
        this.settling = pace.settling();
        this.retriever = ConfigFileStore.retriever(vertx, file, pace.period());
    }

    /** Begins to watch. What changed since the sources were loaded is taken up too. */
    public static ConfigurationWatcher start(Vertx vertx, ConfigurationSources sources, LiveConfiguration live) {
        return start(vertx, sources, live, Pace.USUAL);
    }

    static ConfigurationWatcher start(Vertx vertx, ConfigurationSources sources, LiveConfiguration live, Pace pace) {
        var watcher = new ConfigurationWatcher(vertx, sources, live, pace);
        watcher.retriever.listen(change -> watcher.settle(change.getNewConfiguration()));
        watcher.retriever.getConfig().onSuccess(watcher::settle);
        return watcher;
    }

    /** Ends it. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        return retriever.close();
    }

    private void settle(JsonObject seen) {
        if (closed) {
            return;
        }
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(
                settling.toMillis(),
                over -> retriever.getConfig().onSuccess(retrieved -> {
                    if (retrieved.equals(seen)) {
                        vertx.executeBlocking(Executors.callable(() -> judge(retrieved)));
                    } else {
                        settle(retrieved);
                    }
                }));
    }

    private void judge(JsonObject retrieved) {
        if (ConfigFileStore.fileText(retrieved).isPresent()) {
            hadFile = true;
            follow(retrieved);
        } else {
            // Without the file there is nothing to follow: the defaults are not what anybody wrote.
            file.obstacle()
                    .or(() -> hadFile ? Optional.of(Problem.at(file.name(), "is gone")) : Optional.empty())
                    .ifPresent(LiveConfiguration::refuse);
        }
    }

    private void follow(JsonObject retrieved) {
        try {
            live.follow(ConfigurationReader.read(ConfigFileStore.parsed(sources, retrieved)));
        } catch (InvalidConfiguration invalid) {
            invalid.problems().forEach(LiveConfiguration::refuse);
        }
    }
}
