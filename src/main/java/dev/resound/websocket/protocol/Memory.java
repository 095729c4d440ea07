package dev.resound.websocket.protocol;

import java.lang.foreign.MemorySegment;

/**
 * The memory outside of the heap, by address. A {@link io.netty.buffer.ByteBuf} checks its bounds and its references with each
 * access, which costs more than what a frame's payload is accessed for. Whoever uses this has checked both for the whole range.
 */
final class Memory {

    /** Every address; a constant of endless size, so that the compiler removes all checks. */
    @SuppressWarnings("restricted") // Native access is enabled for Netty's sake anyway.
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {}
}
