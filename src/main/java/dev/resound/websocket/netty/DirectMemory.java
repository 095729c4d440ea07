package dev.resound.websocket.netty;

import io.netty.util.internal.PlatformDependent;

/**
 * How much of the direct memory is in use, which all buffers of sockets are made of. Thousands of clients that do not read what is due to
 * them could use up all of it, each with no more than one read and one write: so where a quarter of it is gone, connections get less.
 */
final class DirectMemory {

    private static final long THRESHOLD = PlatformDependent.maxDirectMemory() / 4;

    private DirectMemory() {}

    /** Whether connections have to get by with less. */
    static boolean isShort() {
        return PlatformDependent.usedDirectMemory() > THRESHOLD;
    }
}
