package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Compresses what goes to one client (RFC 7692 section 7.2.1), fragment by fragment. For one thread. */
final class MessageDeflater {

    /** What a flush ends with, and the end of a message leaves out: an empty block, 00 00 FF FF. */
    private static final int TAIL = 4;

    private static final int LARGEST_WINDOW = 1 << 15;

    /** A flush needs a few bytes at once. */
    private static final int LEAST_ROOM = 64;

    private final ByteBufAllocator allocator;
    private final DataFrame view = new DataFrame();
    private final boolean contextTakeover;
    private final int window;
    private @Nullable Deflater deflater;
    /** Bytes since the compressor last forgot what came before. */
    private int sinceReset;

    MessageDeflater(DeflateParameters parameters, ByteBufAllocator allocator) {
        this.allocator = allocator;
        contextTakeover = parameters.serverContextTakeover();
        window = 1 << parameters.serverWindowBits();
    }

    /** Writes the frame compressed. */
    void write(DataFrame frame, CoalescingWriter run) {
        int start = DataFrame.HEADROOM;
        ByteBuf out =
                allocator.ioBuffer(start + LEAST_ROOM + frame.length() / 2).setIndex(start, start);
        try {
            deflate(frame.payload(), frame.endsMessage(), out);
            run.append(view.set(frame.opcode(), frame.endsMessage(), frame.isText(), true)
                    .payload(out, start, out.readableBytes(), start));
        } finally {
            out.release();
        }
    }

    private void deflate(ByteBuffer payload, boolean endOfMessage, ByteBuf out) {
        Deflater current = deflater();
        int start = out.writerIndex();
        int end = payload.limit();
        do {
            int count = end - payload.position();
            boolean full = false;
            if (window < LARGEST_WINDOW) {
                // The JDK's compressor always has the largest window. One that forgets everything each time a smaller
                // window
                // has gone by never refers further back than that.
                count = Math.min(count, window - sinceReset);
                sinceReset = (sinceReset + count) % window;
                full = sinceReset == 0;
            }
            current.setInput(payload.limit(payload.position() + count));
            drain(current, full ? Deflater.FULL_FLUSH : Deflater.SYNC_FLUSH, out);
            payload.limit(end);
        } while (payload.hasRemaining());
        if (endOfMessage) {
            endMessage(current, start, out);
        }
    }

    private void endMessage(Deflater current, int start, ByteBuf out) {
        if (out.writerIndex() - start >= TAIL) {
            out.writerIndex(out.writerIndex() - TAIL);
        } else {
            out.writerIndex(start);
        }
        if (out.writerIndex() == start) {
            out.writeByte(0); // Section 7.2.3.6: an empty fragment at the end is the one octet of an empty block.
        }
        if (!contextTakeover) {
            current.reset();
            sinceReset = 0;
        }
    }

    private static void drain(Deflater deflater, int flush, ByteBuf out) {
        int written;
        int room;
        do {
            out.ensureWritable(LEAST_ROOM);
            ByteBuffer target = out.nioBuffer(out.writerIndex(), out.writableBytes());
            room = target.remaining();
            written = deflater.deflate(target, flush);
            out.writerIndex(out.writerIndex() + written);
        } while (written == room);
    }

    private Deflater deflater() {
        Deflater current = deflater;
        if (current == null) {
            current = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            deflater = current;
        }
        return current;
    }

    /** Gives back the memory outside of the heap; the deflater is of no more use. */
    void release() {
        if (deflater != null) {
            deflater.end();
            deflater = null;
        }
    }
}
