package dev.resound.websocket.netty;

import io.netty.util.internal.PlatformDependent;

/**
 * Checks how much direct memory is in use. All socket buffers are direct memory, and thousands of clients that do not
 * read could use up all of it, even with one read and one write each. So once a quarter of it is in use, each
 * connection may use less.
 */
final class DirectMemory {

    private static final long THRESHOLD = PlatformDependent.maxDirectMemory() / 4;

    private DirectMemory() {}

    /** Whether direct memory is short, so that connections must use less of it. */
    static boolean isShort() {
        return PlatformDependent.usedDirectMemory() > THRESHOLD;
    }
}
