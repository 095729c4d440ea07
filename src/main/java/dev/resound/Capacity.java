package dev.resound;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What the process can bear, so that it refuses with 503 rather than dies.
 *
 * @param heapBytes the largest heap
 * @param openFiles the most open files, and so sockets; {@link Long#MAX_VALUE} where there is no limit
 */
record Capacity(long heapBytes, long openFiles) {

    /**
     * What one connection is taken to cost. An idle one needs less than 3 KB of heap; the rest is for what is on its way through
     * the busy ones, which Netty keeps outside of the heap in an area of the same size.
     */
    private static final long BYTES_PER_CONNECTION = 24 * 1024;

    /** Files that are no connections: the jars, the event loops, the sockets that listen. About 80 are open when idle. */
    private static final long FILES_OF_ITS_OWN = 128;

    /** One socket in so many is not for a WebSocket: a 503 needs one too, and so do the page, probes and scrapes. */
    private static final int SHARE_OF_OTHERS = 4;

    /** One socket in so many is for those that are accepted faster than others are closed. */
    private static final int SHARE_IN_RESERVE = 16;

    private static final int FEWEST_WAITING = 32;

    private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+)");

    /** As the virtual machine was started. */
    static Capacity ofProcess() {
        return new Capacity(Runtime.getRuntime().maxMemory(), mostOpenFiles());
    }

    /** Read from the kernel: a bean of the JVM knows it too, but looks at the whole system first, and the start would wait for that. */
    private static long mostOpenFiles() {
        try {
            var limit = OPEN_FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
            return limit.find() ? Long.parseLong(limit.group(1)) : Long.MAX_VALUE;
        } catch (IOException notLinux) {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getMaxFileDescriptorCount()
                    : Long.MAX_VALUE;
        }
    }

    /** How many WebSockets there may be where nothing is configured. */
    int connections() {
        return Math.max(1, sockets() - sockets() / SHARE_OF_OTHERS);
    }

    /** How many connections to the public port there is room for beside so many WebSockets, on all event loops together. */
    int waiting(int webSockets) {
        return Math.max(FEWEST_WAITING, sockets() - webSockets);
    }

    /** How many connections to the public port there may be, of all kinds. */
    int sockets() {
        long files = Math.max(0, openFiles - FILES_OF_ITS_OWN);
        long byFiles = files - files / SHARE_IN_RESERVE;
        return Math.clamp(Math.min(heapBytes / BYTES_PER_CONNECTION, byFiles), 1, Integer.MAX_VALUE);
    }
}
