package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBufAllocator;

/** Compression of one connection in both directions. What came compressed goes back compressed. For one thread. */
public final class PerMessageDeflate {

    private final MessageInflater inflater;
    private final MessageDeflater deflater;

    /**
     * For one connection.
     *
     * @param parameters what was agreed on
     * @param sink is told of what comes, inflated
     * @param pieceSize the largest inflated piece in bytes
     * @param pause is called when much was inflated at once; the caller suspends the decoder and goes on in its next turn
     */
    public PerMessageDeflate(
            DeflateParameters parameters, FrameSink sink, int pieceSize, Runnable pause, ByteBufAllocator allocator) {
        inflater = new MessageInflater(sink, parameters, pieceSize, pause, allocator);
        deflater = new MessageDeflater(parameters, allocator);
    }

    /** Where the frames go as they come from the client. */
    public FrameSink inflating() {
        return inflater;
    }

    /** Compresses a frame that belongs to a compressed message, and adds it to what is written. */
    public void write(DataFrame frame, CoalescingWriter run) {
        deflater.write(frame, run);
    }

    /** Gives back the memory outside of the heap; may be called more than once. */
    public void release() {
        inflater.release();
        deflater.release();
    }
}
