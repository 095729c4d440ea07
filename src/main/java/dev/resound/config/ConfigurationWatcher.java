package dev.resound.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every two seconds whether the configuration file holds something else. It reads the file instead of comparing dates, so
 * that it also follows a Kubernetes ConfigMap, which swaps a link, and an editor that replaces the file.
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

    private static final Logger log = LoggerFactory.getLogger(ConfigurationWatcher.class);

    private final Vertx vertx;
    private final ConfigurationSources sources;
    private final ConfigurationFile file;
    private final LiveConfiguration live;
    private final Runnable onRefusal;
    private final Duration settling;
    private final ConfigRetriever retriever;

    private volatile long timer = -1;
    private volatile boolean closed;
    private boolean hadFile;
    /** Why the last check that failed did so. */
    private volatile String failure = "";

    private ConfigurationWatcher(
            Vertx vertx, ConfigurationSources sources, LiveConfiguration live, Runnable onRefusal, Pace pace) {
        this.vertx = vertx;
        this.sources = sources;
        this.file = sources.configurationFile();
        this.live = live;
        this.onRefusal = onRefusal;
        this.settling = pace.settling();
        this.retriever = ConfigFileStore.retriever(vertx, file, pace.period());
    }

    /**
     * Begins to watch. What changed since the sources were loaded is taken up too.
     *
     * @param onRefusal runs once for each change that is refused
     */
    public static ConfigurationWatcher start(
            Vertx vertx, ConfigurationSources sources, LiveConfiguration live, Runnable onRefusal) {
        return start(vertx, sources, live, onRefusal, Pace.USUAL);
    }

    static ConfigurationWatcher start(
            Vertx vertx, ConfigurationSources sources, LiveConfiguration live, Runnable onRefusal, Pace pace) {
        var watcher = new ConfigurationWatcher(vertx, sources, live, onRefusal, pace);
        watcher.retriever.listen(change -> watcher.settle(change.getNewConfiguration()));
        watcher.settle(new JsonObject());
        return watcher;
    }

    /** Ends it. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        return retriever.close();
    }

    /** Waits until two looks in a row see the same. */
    private void settle(JsonObject seen) {
        if (closed) {
            return;
        }
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(
                settling.toMillis(),
                over -> retriever
                        .getConfig()
                        .onSuccess(retrieved -> {
                            if (retrieved.equals(seen)) {
                                vertx.executeBlocking(Executors.callable(() -> judge(retrieved)))
                                        .onFailure(problem -> retry(seen, problem));
                            } else {
                                settle(retrieved);
                            }
                        })
                        .onFailure(problem -> retry(seen, problem)));
    }

    /** The retriever tells of a change only once, so a check that fails is repeated here. */
    private void retry(JsonObject seen, Throwable problem) {
        if (!closed && !problem.toString().equals(failure)) {
            failure = problem.toString();
            log.error("the configuration could not be checked; it is checked again", problem);
        }
        settle(seen);
    }

    private void judge(JsonObject retrieved) {
        try {
            follow(retrieved);
        } catch (InvalidConfiguration invalid) {
            onRefusal.run();
            invalid.problems().forEach(LiveConfiguration::refuse);
        }
    }

    private void follow(JsonObject retrieved) {
        boolean present = ConfigFileStore.fileText(retrieved).isPresent();
        Optional<Problem> obstacle = file.obstacle()
                .or(() -> hadFile && !present
                        ? Optional.of(Problem.at(file.name(), Files.exists(file.path()) ? "cannot be read" : "is gone"))
                        : Optional.empty());
        if (obstacle.isPresent()) {
            throw new InvalidConfiguration(List.of(obstacle.get()));
        }
        if (present) { // Without the file there is nothing to follow: the defaults are not what anybody wrote.
            hadFile = true;
            live.follow(ConfigurationReader.read(ConfigFileStore.parsed(sources, retrieved)));
        }
    }
}
