package dev.resound.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux tells of a process or a thread in {@code /proc/…/stat}.
 *
 * @param user processor time in nanoseconds
 * @param system likewise, in the kernel
 */
public record ProcStat(String name, long user, long system) {

    /** Of the times in {@code /proc}, on every architecture that Java runs on. */
    static final long NANOS_OF_TICK = 10_000_000;

    // Behind the name.
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    /**
     * Reads it.
     *
     * @throws IOException also if the process has ended
     */
    public static ProcStat read(Path file) throws IOException {
        String line = Files.readString(file);
        // The name stands in brackets, and may hold anything.
        int end = line.lastIndexOf(')');
        String[] fields = line.substring(end + 1).strip().split(" ", -1);
        return new ProcStat(
                line.substring(line.indexOf('(') + 1, end),
                Long.parseLong(fields[USER_TIME]) * NANOS_OF_TICK,
                Long.parseLong(fields[SYSTEM_TIME]) * NANOS_OF_TICK);
    }
}
