package dev.resound.soak;

import dev.resound.test.MetricsPage;
import dev.resound.test.ResoundProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the process takes up over time, looked at after a garbage collection. */
final class Vitals implements AutoCloseable {

    /** What is looked at, and by how much it may seem to grow after the warm-up, as no two samples are the same. */
    enum Sign {
        HEAP("heap after GC, MiB", 4),
        BUFFERS("Netty's buffers, MiB", 8),
        RESIDENT("resident memory, MiB", 16),
        THREADS("threads", 2),
        FILES("open files but for WebSockets", 8);

        final String label;
        final double tolerance;

        Sign(String label, double tolerance) {
            this.label = label;
            this.tolerance = tolerance;
        }
    }

    private static final double MIB = 1024 * 1024;
    private static final double TOLERATED_SHARE = 0.05;

    private record Sample(double seconds, double connections, Map<Sign, Double> signs) {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final ResoundProcess resound;
    private final long start = System.nanoTime();
    private final List<Sample> samples = new ArrayList<>();

    Vitals(ResoundProcess resound) {
        this.resound = resound;
    }

    /** Looks, now. */
    void sample() {
        collectGarbage();
        MetricsPage page = page();
        double connections = page.sum("websocket_connections");
        Map<Sign, Double> signs = new EnumMap<>(Sign.class);
        signs.put(Sign.HEAP, sumOf(page, "jvm_memory_used_bytes{area=\"heap\"") / MIB);
        signs.put(Sign.BUFFERS, sumOf(page, "netty_allocator_memory_used") / MIB);
        signs.put(Sign.RESIDENT, residentKiB() / 1024.0);
        signs.put(Sign.THREADS, page.value("jvm_threads_live_threads"));
        signs.put(Sign.FILES, page.value("process_files_open_files") - connections);
        samples.add(new Sample((System.nanoTime() - start) / 1e9, connections, signs));
    }

    MetricsPage page() {
        return MetricsPage.of(http, resound.management("/metrics"), "text/plain");
    }

    private static double sumOf(MetricsPage page, String prefix) {
        return page.series().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private void collectGarbage() {
        try {
            String jcmd =
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            new ProcessBuilder(jcmd, Long.toString(resound.pid()), "GC.run")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private double residentKiB() {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(resound.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line for each sample. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add("   second  connections  heap MiB  buffer MiB  resident MiB  threads  files");
        for (Sample sample : samples) {
            Map<Sign, Double> is = sample.signs;
            lines.add(String.format(
                    Locale.ROOT,
                    "%9.0f %12.0f %9.1f %11.1f %13.1f %8.0f %6.0f",
                    sample.seconds,
                    sample.connections,
                    is.get(Sign.HEAP),
                    is.get(Sign.BUFFERS),
                    is.get(Sign.RESIDENT),
                    is.get(Sign.THREADS),
                    is.get(Sign.FILES)));
        }
        return lines;
    }

    /** A line for each sign: by how much it has grown from the warm-up, the first third, to the end. */
    List<String> trends() {
        List<String> lines = new ArrayList<>();
        List<Sample> warm = samples.subList(samples.size() / 3, samples.size());
        double seconds = warm.getLast().seconds - warm.getFirst().seconds;
        for (Sign sign : Sign.values()) {
            double mean =
                    warm.stream().mapToDouble(s -> s.signs.get(sign)).average().orElseThrow();
            double growth = slope(warm, sign) * seconds;
            double tolerated = Math.max(sign.tolerance, TOLERATED_SHARE * mean);
            String verdict = growth <= tolerated ? "flat" : "GROWS";
            lines.add(String.format(
                    Locale.ROOT,
                    "%-34s mean %8.1f, slope %+9.3f an hour, over %.0f s %+7.2f (tolerated %.1f): %s",
                    sign.label,
                    mean,
                    slope(warm, sign) * 3600,
                    seconds,
                    growth,
                    tolerated,
                    verdict));
        }
        return lines;
    }

    /**
     * The median of the slopes between any two samples (Theil and Sen), in units per second: a sample that was taken while many
     * connections were about to come or go does not bend it.
     */
    private static double slope(List<Sample> warm, Sign sign) {
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < warm.size(); i++) {
            for (Sample later : warm.subList(i + 1, warm.size())) {
                Sample earlier = warm.get(i);
                slopes.add((later.signs.get(sign) - earlier.signs.get(sign)) / (later.seconds - earlier.seconds));
            }
        }
        slopes.sort(null);
        return slopes.isEmpty() ? 0 : slopes.get(slopes.size() / 2);
    }

    @Override
    public void close() {
        http.close();
    }
}
