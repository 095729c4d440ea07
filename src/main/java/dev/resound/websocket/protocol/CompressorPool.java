package dev.resound.websocket.protocol;

import java.util.ArrayDeque;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The zlib compressors and decompressors of one event loop. A deflater takes 260 KiB of native memory and an inflater
 * 40 KiB, so a connection whose messages do not refer to earlier ones holds them only while a message is in progress.
 * Most messages are complete at once, and all connections use the same two, which stay in the cache of the CPU. Not
 * thread-safe.
 */
public final class CompressorPool {

    /** How many of each are kept while none of them is needed. */
    private static final int KEPT = 4;

    private final ArrayDeque<Deflater> deflaters = new ArrayDeque<>(KEPT);
    private final ArrayDeque<Inflater> inflaters = new ArrayDeque<>(KEPT);

    /** Returns a deflater without history. */
    Deflater deflater() {
        Deflater kept = deflaters.poll();
        return kept == null ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : kept;
    }

    /** Returns an inflater without history. */
    Inflater inflater() {
        Inflater kept = inflaters.poll();
        return kept == null ? new Inflater(true) : kept;
    }

    /** Takes a deflater back, in any state. */
    void free(Deflater deflater) {
        if (deflaters.size() < KEPT) {
            deflater.reset();
            deflaters.push(deflater);
        } else {
            deflater.end();
        }
    }

    /** Takes an inflater back, in any state. */
    void free(Inflater inflater) {
        if (inflaters.size() < KEPT) {
            inflater.reset();
            inflaters.push(inflater);
        } else {
            inflater.end();
        }
    }
}
