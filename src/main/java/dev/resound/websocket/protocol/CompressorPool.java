package dev.resound.websocket.protocol;

import java.util.ArrayDeque;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Pools the zlib compressors and decompressors of one event loop. A deflater takes 260 KiB of native memory and an
 * inflater 40 KiB, so without context takeover a connection holds them only while a message is in progress. Most
 * messages are processed in one step, so all connections use the same two, which stay in the CPU's cache. Not
 * thread-safe.
 */
public final class CompressorPool {

    /** The most idle deflaters, and the most idle inflaters, that the pool keeps. */
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

    /** Takes back a deflater, whatever its state. */
    void free(Deflater deflater) {
        if (deflaters.size() < KEPT) {
            deflater.reset();
            deflaters.push(deflater);
        } else {
            deflater.end();
        }
    }

    /** Takes back an inflater, whatever its state. */
    void free(Inflater inflater) {
        if (inflaters.size() < KEPT) {
            inflater.reset();
            inflaters.push(inflater);
        } else {
            inflater.end();
        }
    }
}
