package dev.resound.websocket.netty;

import io.netty.util.internal.PlatformDependent;

/**
 * Checks how much direct memory is in use. All buffers of sockets are made of it, and thousands of clients that do not
 * read could use up all of it, each with only one read and one write. So once a quarter of it is in use, each
 * connection gets less.
 */
final class DirectMemory {

    private static final long THRESHOLD = PlatformDependent.maxDirectMemory() / 4;

    private DirectMemory() {}

    /** Whether direct memory is short, so that connections must use less of it. */
    static boolean isShort() {
        return PlatformDependent.usedDirectMemory() > THRESHOLD;
    }
}
