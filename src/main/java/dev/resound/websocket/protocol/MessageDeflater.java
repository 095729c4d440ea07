package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Compresses the messages to one client (RFC 7692 section 7.2.1), fragment by fragment. Not thread-safe. */
final class MessageDeflater {

    /** The length of the empty block 00 00 FF FF that ends a flush. It is removed at the end of a message. */
    private static final int TAIL = 4;

    private static final int LARGEST_WINDOW = 1 << 15;

    /** A flush needs space for a few bytes at once. */
    private static final int MIN_ROOM = 64;

    private final ByteBufAllocator allocator;
    private final DataFrame view = new DataFrame();
    private final CompressorPool pool;
    private final boolean contextTakeover;
    private final int window;
    /** With context takeover from the first message on, otherwise while a message is in progress. */
    private @Nullable Deflater deflater;
    /** Bytes since the compressor's history was last cleared. */
    private int sinceReset;

    MessageDeflater(Compression compression, ByteBufAllocator allocator) {
        this.allocator = allocator;
        pool = compression.pool();
        contextTakeover = compression.parameters().serverContextTakeover();
        window = 1 << compression.parameters().serverWindowBits();
    }

    /** Compresses a frame and writes it. */
    void write(DataFrame frame, CoalescingWriter run) {
        int start = DataFrame.HEADROOM;
        ByteBuf out = allocator.ioBuffer(start + MIN_ROOM + frame.length() / 2).setIndex(start, start);
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
                // The JDK's compressor always uses the largest window. Clearing its history each time a smaller window
                // is full keeps references within that window.
                count = Math.min(count, window - sinceReset);
                sinceReset = (sinceReset + count) % window;
                full = sinceReset == 0;
            }
            current.setInput(payload.limit(payload.position() + count));
            drain(current, full ? Deflater.FULL_FLUSH : Deflater.SYNC_FLUSH, out);
            payload.limit(end);
        } while (payload.hasRemaining());
        if (endOfMessage) {
            endMessage(start, out);
        }
    }

    private void endMessage(int start, ByteBuf out) {
        if (out.writerIndex() - start >= TAIL) {
            out.writerIndex(out.writerIndex() - TAIL);
        } else {
            out.writerIndex(start);
        }
        if (out.writerIndex() == start) {
            out.writeByte(0); // An empty last fragment is one octet, 0 (section 7.2.3.6).
        }
        if (!contextTakeover) {
            release();
            sinceReset = 0;
        }
    }

    private static void drain(Deflater deflater, int flush, ByteBuf out) {
        int written;
        int room;
        do {
            out.ensureWritable(MIN_ROOM);
            ByteBuffer target = out.nioBuffer(out.writerIndex(), out.writableBytes());
            room = target.remaining();
            written = deflater.deflate(target, flush);
            out.writerIndex(out.writerIndex() + written);
        } while (written == room);
    }

    private Deflater deflater() {
        Deflater current = deflater;
        if (current == null) {
            current = pool.deflater();
            deflater = current;
        }
        return current;
    }

    /** Releases the off-heap memory, and with it the history. */
    void release() {
        if (deflater != null) {
            pool.free(deflater);
            deflater = null;
        }
    }
}
