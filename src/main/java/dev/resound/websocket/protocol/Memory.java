package dev.resound.websocket.protocol;

import java.lang.foreign.MemorySegment;

/**
 * Accesses off-heap memory by address. A {@link io.netty.buffer.ByteBuf} checks bounds and reference count on every
 * access, which costs more than the work on a frame's payload. Callers must check both for the whole range.
 */
final class Memory {

    /** All addresses: a constant of unlimited size, so that the compiler removes all bounds checks. */
    @SuppressWarnings("restricted") // Native access is enabled for Netty anyway.
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {}
}
