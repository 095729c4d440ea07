package dev.resound;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.resound.http.WebVerticle;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Derives connection limits from the resources of the process, so that it responds with 503 instead of running out of
 * memory or files. The costs are measured worst cases, rounded up.
 *
 * @param heapBytes the largest heap
 * @param openFiles the most open files, sockets included; {@link Long#MAX_VALUE} if there is no limit
 */
record ResourceLimits(long heapBytes, long openFiles) {

    /** The heap per WebSocket: 2.3 KB after an echo, 2.5 KB over HTTP/2; the rest is for data in transit. */
    private static final long WEBSOCKET_BYTES = 24 * 1024;

    /** The heap that TLS adds: 5 KB. */
    private static final long TLS_BYTES = 8 * 1024;

    /**
     * The native memory that permessage-deflate adds, in zlib: 170 KB with small messages, 310 KB at most. The budget
     * for it is as large as the heap.
     */
    private static final long DEFLATE_BYTES = 208 * 1024;

    /** The most unprocessed input of an HTTP/2 stream, in native memory. The budget for it is as large as the heap. */
    private static final long WINDOW_BYTES = WebVerticle.STREAM_WINDOW;

    /**
     * The heap per connection or HTTP/2 stream without a WebSocket: 28.5 KB with a head of 8 KB in 100 header fields,
     * 32 KB for the same with TLS, 14 KB in a TLS handshake; 22 KB for a stream.
     */
    private static final long PENDING_BYTES = 32 * 1024;

    /** Files other than client connections: jars, event loops, listening sockets, the management port. */
    private static final long OWN_FILES = 128;

    /** One socket in this many is reserved for other requests: the page and 503 responses need sockets too. */
    private static final int SHARE_OF_OTHERS = 4;

    /** One socket in this many is a reserve for connections accepted before others have closed. */
    private static final int SHARE_IN_RESERVE = 16;

    /** The minimum of pending connections, even under overload, so that a client gets its 503. */
    static final int FEWEST_PENDING = 32;

    private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\d+)");

    /** The limits of this process. */
    static ResourceLimits ofProcess() {
        return new ResourceLimits(Runtime.getRuntime().maxMemory(), mostOpenFiles());
    }

    /** Reads the limit from the kernel. The JVM's bean would inspect the whole system first and delay the start. */
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

    /**
     * The limit of WebSockets if none is configured.
     *
     * @param tls whether they are encrypted here
     * @param http2 whether HTTP/2 streams can become WebSockets
     * @param compression whether permessage-deflate is accepted
     */
    int webSockets(boolean tls, boolean http2, boolean compression) {
        long byHeap = (heapBytes - heapBytes / SHARE_OF_OTHERS) / (WEBSOCKET_BYTES + (tls ? TLS_BYTES : 0));
        long byZlib = compression ? heapBytes / DEFLATE_BYTES : Long.MAX_VALUE;
        long byWindows = http2 ? heapBytes / WINDOW_BYTES : Long.MAX_VALUE;
        return atLeast(1, Math.min(Math.min(byHeap, byZlib), Math.min(byWindows, webSocketsByFiles())));
    }

    /** The upper limit of WebSockets, whatever is configured, because other connections need files too. */
    int webSocketsByFiles() {
        return atLeast(1, sockets() - sockets() / SHARE_OF_OTHERS);
    }

    /**
     * The limit of connections and HTTP/2 streams without a WebSocket on all event loops together: what fits into half
     * of the heap, or into what the WebSockets leave of it.
     *
     * @param webSockets how many are open
     */
    int pending(int webSockets) {
        long left = Math.min(heapBytes / 2, heapBytes - webSockets * WEBSOCKET_BYTES);
        return atLeast(FEWEST_PENDING, Math.min(left / PENDING_BYTES, sockets() - webSockets));
    }

    /** The number of sockets for clients of the public port. */
    private long sockets() {
        // If few files may be open, half of them are for clients.
        long files = Math.max(openFiles / 2, openFiles - OWN_FILES);
        return files - files / SHARE_IN_RESERVE;
    }

    private static int atLeast(int least, long number) {
        return Math.clamp(number, least, Integer.MAX_VALUE);
    }
}
