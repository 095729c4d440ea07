package dev.resound.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The connection tracking of Linux, which firewalls need: it remembers a connection for two minutes after its end, and while
 * it is full, new ones stall for seconds.
 */
final class Tracking {

    private static final Path DIRECTORY = Path.of("/proc/sys/net/netfilter");

    private Tracking() {}

    /** Waits until it is half empty at least; does not wait where there is none. */
    static void awaitRoom() throws IOException, InterruptedException {
        long most = read("nf_conntrack_max");
        while (most > 0 && read("nf_conntrack_count") > most / 2) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static long read(String name) throws IOException {
        Path file = DIRECTORY.resolve(name);
        return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
    }
}
