package dev.resound.telemetry;

import static dev.resound.test.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.FeedClient;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import io.vertx.core.json.JsonObject;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the process uses, in the feed and on the metrics page. */
class ProcessUsageTest {

    private static RunningResound resound;

    @BeforeAll
    static void start() {
        resound = RunningResound.start("telemetry.interval", "100ms");
    }

    @AfterAll
    static void stop() {
        resound.close();
    }

    @Test
    void the_feed_and_the_metrics_page_tell_the_same() {
        System.gc();
        try (var client = FeedClient.open(resound.port())) {
            client.next();
            await("a sample and a page of the same moment")
                    .untilAsserted(() -> assertSame(client.next("sample"), MetricsPage.of(resound)));
        }
    }

    private static void assertSame(JsonObject sample, MetricsPage page) {
        JsonObject process = sample.getJsonObject("process");
        JsonObject gc = sample.getJsonObject("gc");
        assertThat(process.getDouble("cpu"))
                .isPositive()
                .isCloseTo(page.value("process_cpu_seconds_total"), percent(10));
        assertThat(process.getDouble("cpus")).isEqualTo(page.value("system_cpus"));
        assertThat(process.getDouble("residentMemory"))
                .isCloseTo(page.value("process_resident_memory_bytes"), percent(10));
        assertThat(process.getDouble("openFiles"))
                .isPositive()
                .isCloseTo(page.value("process_files_open_files"), percent(10));
        assertThat(process.getDouble("maxFiles")).isEqualTo(page.value("process_files_max_files"));
        assertThat(gc.getDouble("pauses")).isPositive();
    }

    /** The page counts from its own start, so the test compares what is added. */
    @Test
    void a_garbage_collection_counts_in_both_as_a_pause() {
        long read;
        double shown;
        do {
            read = ProcessUsage.read().gcPauses();
            shown = pausesOnThePage();
        } while (ProcessUsage.read().gcPauses() != read);
        long before = read;
        double shownBefore = shown;
        System.gc();
        assertThat(ProcessUsage.read().gcPauses()).isGreaterThan(before);
        await("both have counted it")
                .untilAsserted(() -> assertThat(pausesOnThePage() - shownBefore)
                        .isPositive()
                        .isEqualTo((double) (ProcessUsage.read().gcPauses() - before)));
    }

    private static double pausesOnThePage() {
        return MetricsPage.of(resound).sum("jvm_gc_pause_seconds_count");
    }

    private static Percentage percent(double value) {
        return Percentage.withPercentage(value);
    }
}
