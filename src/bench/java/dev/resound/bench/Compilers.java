package dev.resound.bench;

import dev.resound.bench.load.ProcStat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the JIT compilers of a process use of processors: while they work, it is not yet what it will be. */
final class Compilers {

    private Compilers() {}

    /** In nanoseconds, up to now; 0 for what is not compiled at run time, and where the system does not tell. */
    static long usageOf(long pid) throws IOException {
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        if (!Files.exists(tasks)) {
            return 0;
        }
        try (Stream<Path> threads = Files.list(tasks)) {
            return threads.mapToLong(Compilers::usageOfThread).sum();
        }
    }

    private static long usageOfThread(Path thread) {
        try {
            var stat = ProcStat.read(thread.resolve("stat"));
            return stat.name().matches("C[12] Compiler.*") ? stat.user() + stat.system() : 0;
        } catch (IOException e) {
            return 0; // It has ended meanwhile.
        }
    }
}
