package dev.resound.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What of this machine's processors was used, by the operating system's own account, in nanoseconds.
 *
 * @param time of this reading
 * @param user by all threads of the server; with {@code system} in it where the system does not tell the two apart
 * @param system likewise, in the kernel
 * @param own by the generator
 * @param machine by all processes; 0 where the system does not say
 */
record Usage(long time, long user, long system, long own, long machine) {

    private static final OperatingSystemMXBean SELF = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private static final Path PROC = Path.of("/proc");
    /** In /proc/stat, all but idle (3), waiting for I/O (4), and what guests used, which counts as user time already (8, 9). */
    private static final int[] BUSY = {0, 1, 2, 5, 6, 7};

    /** Up to now, since each of them started. */
    static Usage upToNow(long pid) throws IOException {
        if (!Files.exists(PROC.resolve("stat"))) {
            return new Usage(System.nanoTime(), totalOf(pid), 0, SELF.getProcessCpuTime(), 0);
        }
        var server = ProcStat.read(PROC.resolve(pid + "/stat"));
        return new Usage(System.nanoTime(), server.user(), server.system(), SELF.getProcessCpuTime(), usageOfMachine());
    }

    private static long usageOfMachine() throws IOException {
        String line = Files.readAllLines(PROC.resolve("stat")).getFirst();
        String[] ticks = line.substring("cpu".length()).strip().split(" ", -1);
        return IntStream.of(BUSY)
                .mapToLong(i -> Long.parseLong(ticks[i]) * ProcStat.NANOS_OF_TICK)
                .sum();
    }

    private static long totalOf(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .orElseThrow(() -> new EchoFailure("the server has ended"));
    }

    /** Between the two readings; its time is how long that was. */
    Usage since(Usage earlier) {
        return new Usage(
                time - earlier.time,
                user - earlier.user,
                system - earlier.system,
                own - earlier.own,
                machine - earlier.machine);
    }

    long server() {
        return user + system;
    }

    /** By processes that have no part in this, and only disturb it. */
    long others() {
        return Math.max(0, machine - server() - own);
    }

    /** Likewise, after a server on the JVM has collected its garbage; others have none, and there the program fails. */
    static long residentMemoryWithoutGarbage(long pid) throws IOException {
        try {
            new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(pid),
                            "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
        return residentMemory(pid);
    }

    /** The server's memory in bytes; 0 where the system does not say. */
    static long residentMemory(long pid) throws IOException {
        Path status = PROC.resolve(pid + "/status");
        List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
        return lines.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
