package dev.resound.config;

import static dev.resound.test.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.io.FileWatch;
import dev.resound.test.CapturedLog;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The file is followed in all the ways in which files change. */
@ExtendWith(VertxExtension.class)
class ConfigurationWatcherTest {

    private static final FileWatch.Pace QUICK = new FileWatch.Pace(Duration.ofMillis(20), Duration.ofMillis(100));

    @TempDir
    private Path folder = Path.of("");

    private final CapturedLog log = new CapturedLog(LiveConfiguration.class);
    private final AtomicInteger refusals = new AtomicInteger();
    private Path file = Path.of("");

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(folder.resolve("resound.yaml"), period("1s"));
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void a_file_that_is_written_anew_is_taken_up(Vertx vertx) throws IOException {
        LiveConfiguration live = watch(vertx, file, Map.of());

        Files.writeString(file, period("2s"));

        awaitPeriod(live, 2);
        assertThat(log.lines()).containsExactly("INFO configuration changed key=drain.period from=1s to=2s");
    }

    @Test
    void what_changed_between_loading_and_watching_is_taken_up(Vertx vertx) throws IOException {
        var sources = new ConfigurationSources(file, Map.of(), Map.of());
        var live = new LiveConfiguration(sources.load(vertx).await());
        Files.writeString(file, period("2s"));

        ConfigurationWatcher.start(vertx, sources, live, refusals::incrementAndGet, QUICK);

        awaitPeriod(live, 2);
    }

    @Test
    void an_editor_may_put_a_new_file_in_the_place_of_the_old_one(Vertx vertx) throws IOException {
        LiveConfiguration live = watch(vertx, file, Map.of());

        Path other = Files.writeString(folder.resolve("resound.yaml~"), period("2s"));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

        awaitPeriod(live, 2);
    }

    @Test
    void a_config_map_may_swap_its_link(Vertx vertx) throws IOException {
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, version("..1", "1s").getFileName());
        Path link = Files.createSymbolicLink(folder.resolve("mounted.yaml"), Path.of("..data", "resound.yaml"));
        LiveConfiguration live = watch(vertx, link, Map.of());

        Path next = Files.createSymbolicLink(
                folder.resolve("..tmp"), version("..2", "2s").getFileName());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);

        awaitPeriod(live, 2);
        assertThat(log.lines()).hasSize(1);
    }

    @Test
    void a_broken_file_changes_nothing_and_says_why_once(Vertx vertx) throws IOException {
        LiveConfiguration live = watch(vertx, file, Map.of());

        Files.writeString(file, "drain: { period: x, delay: y, dealy: 1s }\n");

        String refused = "ERROR configuration change refused, the old settings stay in use problem=";
        awaitLines(3);
        moreScans(vertx);
        assertThat(log.lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).startsWith(refused))
                .anySatisfy(line -> assertThat(line).contains("drain.period must be a duration"))
                .anySatisfy(line -> assertThat(line).contains("did you mean drain.delay?"));
        assertThat(refusals).as("one change, however many problems").hasValue(1);
        assertThat(live.get().drain().period()).hasSeconds(1);
    }

    @Test
    void a_file_that_is_gone_changes_nothing_and_says_so_and_may_come_back(Vertx vertx) throws IOException {
        LiveConfiguration live = watch(vertx, file, Map.of());

        Files.delete(file);

        awaitLines(1);
        moreScans(vertx);
        assertThat(log.lines())
                .containsExactly(
                        "ERROR configuration change refused, the old settings stay in use problem=%s does not exist"
                                .formatted(file));
        assertThat(live.get().drain().period()).hasSeconds(1);

        Files.writeString(file, period("2s"));
        awaitPeriod(live, 2);
    }

    @Test
    void each_change_that_is_refused_counts_once(Vertx vertx) throws IOException {
        LiveConfiguration live = watch(vertx, file, Map.of());
        Files.writeString(file, "drain: { period: x }\n");
        awaitLines(1);
        Files.writeString(file, "#" + "x".repeat(1024 * 1024));
        awaitLines(2);
        assertThat(log.lines().getLast()).endsWith("is larger than 1 MiB");
        Files.writeString(file, period("2s"));
        awaitPeriod(live, 2);
        moreScans(vertx);
        assertThat(refusals).hasValue(2);
    }

    /** Whatever it is: the next look is another one. */
    @Test
    void a_check_that_fails_is_repeated_and_told_once(Vertx vertx) throws IOException {
        var sources = new ConfigurationSources(file, Map.of(), Map.of());
        var live = new LiveConfiguration(sources.load(vertx).await());
        try (var problems = new CapturedLog(FileWatch.class)) {
            ConfigurationWatcher.start(
                    vertx,
                    sources,
                    live,
                    () -> {
                        if (refusals.incrementAndGet() < 4) {
                            throw new IllegalStateException("on purpose");
                        }
                    },
                    QUICK);
            Files.writeString(file, "drain: { period: x }\n");
            awaitLines(1);
            assertThat(refusals).hasValue(4);
            assertThat(problems.lines()).containsExactly("ERROR cannot check configuration; retrying");
        }
    }

    @Test
    void the_environment_still_wins_over_a_changed_file(Vertx vertx) throws IOException {
        LiveConfiguration live = watch(vertx, file, Map.of("RESOUND_DRAIN_PERIOD", "7s"));

        Files.writeString(file, "drain: { period: 2s, delay: 2s }");

        await("the change is seen").until(() -> live.get().drain().delay().toSeconds() == 2);
        assertThat(live.get().drain().period()).hasSeconds(7);
    }

    @Test
    void a_file_is_taken_up_only_when_nobody_writes_it_any_more(Vertx vertx) throws Exception {
        var patient = new FileWatch.Pace(Duration.ofSeconds(1), Duration.ofMillis(800));
        LiveConfiguration live = watch(vertx, file, Map.of(), patient);

        // Each of these is valid; only the last one stays.
        for (int seconds = 3; seconds < 33; seconds++) {
            Files.writeString(file, period(seconds + "s"));
            vertx.timer(50).await();
        }
        Files.writeString(file, period("2s"));

        awaitPeriod(live, 2);
        assertThat(log.lines()).containsExactly("INFO configuration changed key=drain.period from=1s to=2s");
    }

    @Test
    void it_ends(Vertx vertx) throws Exception {
        var sources = new ConfigurationSources(file, Map.of(), Map.of());
        var live = new LiveConfiguration(sources.load(vertx).await());
        ConfigurationWatcher watcher =
                ConfigurationWatcher.start(vertx, sources, live, refusals::incrementAndGet, QUICK);

        watcher.close().await();
        Files.writeString(file, period("2s"));

        moreScans(vertx);
        assertThat(live.get().drain().period()).hasSeconds(1);
    }

    private static String period(String value) {
        return "drain: { period: %s }\n".formatted(value);
    }

    private Path version(String name, String value) throws IOException {
        Path version = Files.createDirectory(folder.resolve(name));
        Files.writeString(version.resolve("resound.yaml"), period(value));
        return version;
    }

    private LiveConfiguration watch(Vertx vertx, Path path, Map<String, String> environment) {
        return watch(vertx, path, environment, QUICK);
    }

    private LiveConfiguration watch(Vertx vertx, Path path, Map<String, String> environment, FileWatch.Pace pace) {
        var sources = new ConfigurationSources(path, environment, Map.of());
        var live = new LiveConfiguration(sources.load(vertx).await());
        ConfigurationWatcher.start(vertx, sources, live, refusals::incrementAndGet, pace);
        return live;
    }

    private static void awaitPeriod(LiveConfiguration live, int seconds) {
        await("the change is seen").until(() -> live.get().drain().period().toSeconds() == seconds);
    }

    private void awaitLines(int count) {
        await("the change is seen").until(() -> log.lines().size() >= count);
    }

    /** Time enough for what must not happen. */
    private static void moreScans(Vertx vertx) {
        vertx.timer(400).await();
    }
}
