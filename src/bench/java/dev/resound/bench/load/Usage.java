package dev.resound.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
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
    /** Of the times in {@code /proc}, on every architecture that Java runs on. */
    private static final long NANOS_OF_TICK = 10_000_000;

    // Of /proc/PID/stat, behind the name.
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    /** All but idle (3), I/O wait (4) and what guests used, which counts as user already (8, 9), in /proc/stat. */
    private static final int[] BUSY = {0, 1, 2, 5, 6, 7};

    /** Up to now, since each of them started. */
    static Usage upToNow(long pid) throws IOException {
        if (!Files.exists(PROC.resolve("stat"))) {
            return new Usage(System.nanoTime(), totalOf(pid), 0, SELF.getProcessCpuTime(), 0);
        }
        List<String> server = fields(PROC.resolve(pid + "/stat"), ')');
        List<String> machine = fields(PROC.resolve("stat"), 'u');
        return new Usage(
                System.nanoTime(),
                nanos(server.get(USER_TIME)),
                nanos(server.get(SYSTEM_TIME)),
                SELF.getProcessCpuTime(),
                IntStream.of(BUSY).mapToLong(i -> nanos(machine.get(i))).sum());
    }

    private static long totalOf(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .orElseThrow(() -> new EchoFailure("the server has ended"));
    }

    /** What stands in the first line behind the last of this character, since a program's name may hold anything. */
    private static List<String> fields(Path file, char behind) throws IOException {
        String line = Files.readAllLines(file).getFirst();
        return List.of(line.substring(line.lastIndexOf(behind) + 1).strip().split(" +", -1));
    }

    private static long nanos(String ticks) {
        return Long.parseLong(ticks) * NANOS_OF_TICK;
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
