package dev.resound.hostile;

import dev.resound.test.MetricsPage;
import dev.resound.test.ResoundProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a process takes up after a garbage collection.
 *
 * @param heapMiB live heap
 * @param buffersMiB memory of Netty's allocators
 * @param residentMiB resident memory
 * @param files open files
 * @param threads threads
 */
record Footprint(double heapMiB, double buffersMiB, double residentMiB, double files, double threads) {

    private static final double MIB = 1024 * 1024;

    static Footprint of(ResoundProcess resound) {
        collectGarbage(resound);
        MetricsPage page = MetricsPage.of(resound);
        return new Footprint(
                sum(page, "jvm_memory_used_bytes{area=\"heap\"") / MIB,
                sum(page, "netty_allocator_memory_used") / MIB,
                residentKiB(resound) / 1024,
                page.value("process_files_open_files"),
                page.value("jvm_threads_live_threads"));
    }

    private static double sum(MetricsPage page, String prefix) {
        return page.series().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static void collectGarbage(ResoundProcess resound) {
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
            throw new IllegalStateException(e);
        }
    }

    private static double residentKiB(ResoundProcess resound) {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(resound.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
