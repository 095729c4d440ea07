package dev.resound.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a process has used of processors since it started, all threads, by the operating system's own account.
 *
 * @param user in nanoseconds; all of it where the system does not tell the two apart
 * @param system in nanoseconds
 */
record ProcessTimes(long user, long system) {

    /** Of the times in {@code /proc}, on every architecture that Java runs on. */
    private static final long NANOS_OF_TICK = 10_000_000;

    static ProcessTimes of(long pid) throws IOException {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.exists(stat)) {
            long total = ProcessHandle.of(pid)
                    .flatMap(process -> process.info().totalCpuDuration())
                    .map(Duration::toNanos)
                    .orElseThrow(() -> new EchoFailure("the server has ended"));
            return new ProcessTimes(total, 0);
        }
        String line = Files.readString(stat);
        // The second field is the program's name, which may hold anything.
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
        return new ProcessTimes(Long.parseLong(fields[11]) * NANOS_OF_TICK, Long.parseLong(fields[12]) * NANOS_OF_TICK);
    }

    /** Memory of the process that is in use, in bytes; 0 where the system does not say. */
    static long residentBytes(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        List<String> lines = Files.exists(status) ? Files.readAllLines(status) : List.of();
        return lines.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    ProcessTimes since(ProcessTimes earlier) {
        return new ProcessTimes(user - earlier.user, system - earlier.system);
    }

    long total() {
        return user + system;
    }
}
