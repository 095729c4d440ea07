package dev.resound.telemetry;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the process uses at one moment. {@link RuntimeMetrics} exposes the same sources to Prometheus.
 *
 * @param cpu the processor time that the process has used since its start
 * @param cpus the number of processors that it may use
 * @param residentBytes the physical memory that it uses; empty on a system without {@code /proc}
 * @param openFiles its open file descriptors, sockets included; 0 on Windows
 * @param maxFiles the limit of open file descriptors; 0 on Windows
 * @param gcPauses how often a garbage collector has stopped it
 * @param gcPaused for how long in total
 */
public record ProcessUsage(
        Duration cpu,
        int cpus,
        OptionalLong residentBytes,
        long openFiles,
        long maxFiles,
        long gcPauses,
        Duration gcPaused) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path FILES = Path.of("/proc/self/fd");
    private static final String RESIDENT = "VmRSS:";
    private static final long KIBIBYTE = 1024;

    /** Reads it. This blocks: where open files have to be counted, that takes milliseconds with many connections. */
    public static ProcessUsage read() {
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(ProcessUsage::pauses)
                .toList();
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Optional<UnixOperatingSystemMXBean> unix = Optional.of(system)
                .filter(UnixOperatingSystemMXBean.class::isInstance)
                .map(UnixOperatingSystemMXBean.class::cast);
        return new ProcessUsage(
                Duration.ofNanos(system.getProcessCpuTime()),
                Runtime.getRuntime().availableProcessors(),
                resident(),
                unix.map(ProcessUsage::openFiles).orElse(0L),
                unix.map(UnixOperatingSystemMXBean::getMaxFileDescriptorCount).orElse(0L),
                collectors.stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                        .sum(),
                Duration.ofMillis(collectors.stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum()));
    }

    /** From version 6.2 on, Linux says how many files are open as the size of their directory. */
    private static long openFiles(UnixOperatingSystemMXBean system) {
        long said = sizeOf(FILES);
        return said > 0 ? said : system.getOpenFileDescriptorCount();
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Whether a collector stops the process; others work while it runs. */
    private static boolean pauses(GarbageCollectorMXBean collector) {
        String name = collector.getName();
        return !name.endsWith("Cycles") && !name.endsWith("Concurrent GC");
    }

    /** The physical memory in use, in bytes. It blocks. */
    static OptionalLong resident() {
        try {
            return Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> KIBIBYTE * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
