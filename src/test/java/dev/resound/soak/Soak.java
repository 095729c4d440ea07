package dev.resound.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.MetricsPage;
import dev.resound.test.ResoundProcess;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The packaged service under mixed traffic for {@code -Dresound.soak.minutes}, with a report at the end: it takes up no more
 * than after the warm-up, it has counted what its clients have counted, and it has nothing to complain of.
 */
class Soak {

    private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("resound.soak.minutes", 20));
    private static final int SAMPLES = 60;
    private static final long LEAST_MILLIS_BETWEEN_SAMPLES = 4000;
    private static final Path REPORT = Path.of("target", "soak-report.txt");
    private static final int LEAVING = 10;
    /** Shorter together than the closing time-out, in which the last client keeps the process. */
    private static final int TRIES = 50;

    private static final long TRY_MILLIS = 200;

    private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch");
    private static final Map<String, String> SETTINGS = Map.of(
            "RESOUND_WEBSOCKET_KEEP_ALIVE_INTERVAL",
            "5s",
            "RESOUND_WEBSOCKET_CLOSING_TIMEOUT",
            "20s",
            "RESOUND_WEBSOCKET_ALLOWED_ORIGINS",
            "https://client.com",
            "RESOUND_WEBSOCKET_MAX_FRAME_SIZE",
            Traffic.MOST + "B",
            "RESOUND_WEBSOCKET_MAX_CONNECTIONS_PER_ADDRESS",
            Integer.toString(Traffic.PLACES),
            "RESOUND_DRAIN_PERIOD",
            "1s");

    private final Ledger ledger = new Ledger();
    private final List<String> report = new ArrayList<>();

    @Test
    void it_stays_as_it_is_and_counts_what_its_clients_count() throws Exception {
        try (var resound = ResoundProcess.ready(JVM_OPTIONS, SETTINGS);
                var vitals = new Vitals(resound);
                var traffic = new Traffic(resound, ledger)) {
            traffic.start();
            watch(vitals);
            traffic.end();
            report.add("%s of traffic, %d connections, %d messages, %d MiB each way"
                    .formatted(
                            TIME,
                            ledger.sum("websocket_handshakes_total{http=\"1.1\",outcome=\"accepted"),
                            ledger.sum("websocket_messages_sent_total"),
                            ledger.sum("websocket_sent_bytes_total") >> 20));
            report.addAll(vitals.table());
            report.addAll(vitals.trends());
            traffic.failures().stream().limit(10).forEach(failure -> report.add("client FAILED: " + failure));
            await(vitals, page -> page.sum("websocket_connections") == 0);
            leave(resound, vitals);
            checkLog(resound);
        } finally {
            Files.write(REPORT, report);
            report.forEach(System.out::println);
        }
        assertThat(report).noneMatch(line -> line.matches(".*(GROWS|DIFFERS|FAILED).*"));
    }

    private static void watch(Vitals vitals) throws InterruptedException {
        long end = System.nanoTime() + TIME.toNanos();
        long pause = Math.max(LEAST_MILLIS_BETWEEN_SAMPLES, TIME.toMillis() / SAMPLES);
        while (System.nanoTime() < end) {
            Thread.sleep(pause);
            vitals.sample();
        }
    }

    private static MetricsPage await(Vitals vitals, Predicate<MetricsPage> condition) throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            MetricsPage page = vitals.page();
            if (condition.test(page)) {
                return page;
            }
            Thread.sleep(TRY_MILLIS);
        }
        return vitals.page();
    }

    /** The signal: open connections are closed with 1001, new ones refused, and while one is left the counters can be read. */
    private void leave(ResoundProcess resound, Vitals vitals) throws InterruptedException {
        List<Talker> open = new ArrayList<>();
        for (int i = 0; i < LEAVING; i++) {
            open.add(Talker.connect("127.0.0.8", resound.port(), ledger));
        }
        resound.signal("TERM");
        await(vitals, page -> page.value("resound_draining") == 1);
        try (WireClient late = WireClient.tcp(resound.port())) {
            late.send(WireClient.request()).expectStatus(503);
            ledger.handshake("draining");
        }
        Talker last = open.removeLast(); // Keeps the process until its counters are read.
        for (Talker talker : open) {
            talker.expectClose(1001);
            talker.client().send(WireFrame.close(1001)).expectEnd();
            ledger.closed("drain");
            talker.close();
        }
        report.add("%-62s %14s %14s".formatted("series", "clients", "server"));
        report.addAll(ledger.compare(settled(vitals)));
        last.client().send(WireFrame.close(1001));
        last.close();
        int exitCode = resound.exitCode();
        report.add("exit code on SIGTERM: " + exitCode + (exitCode == 0 ? "" : " FAILED"));
    }

    /** The counters once every event loop has published what it counted. */
    private MetricsPage settled(Vitals vitals) throws InterruptedException {
        return await(vitals, page -> ledger.compare(page).stream().noneMatch(line -> line.endsWith("DIFFERS")));
    }

    private void checkLog(ResoundProcess resound) throws IOException {
        List<String> bad = resound.output()
                .lines()
                .filter(line -> line.matches(".*( ERROR | WARN |Exception|^\\s+at |LEAK).*"))
                .toList();
        report.add("lines in the log: %d, warnings and errors: %d%s"
                .formatted(resound.output().lines().count(), bad.size(), bad.isEmpty() ? "" : " FAILED"));
        bad.stream().limit(20).forEach(report::add);
    }
}
