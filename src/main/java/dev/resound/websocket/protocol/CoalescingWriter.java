package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes data frames without a mask, in the buffer that they arrived in, and writes the frames of one read with a
 * single call. A header without a mask is shorter, so each frame is moved forward to the end of the previous one, and
 * the frames form one contiguous run of bytes.
 *
 * <p>Not thread-safe; one per connection.
 */
public final class CoalescingWriter {

    /** A run is copied if its buffer is more than this many times larger. */
    private static final int MAX_WASTE = 16;

    private final Consumer<ByteBuf> out;
    private @Nullable ByteBuf buffer;
    private int start;
    private int end;

    /** @param out receives the buffers to write, in the order of the frames, and takes ownership of them */
    public CoalescingWriter(Consumer<ByteBuf> out) {
        this.out = out;
    }

    /**
     * Adds a frame to the current run. Overwrites its buffer, but only from the start of its headroom, or the end of
     * the run, to the end of the frame.
     */
    @SuppressWarnings("ReferenceEquality") // It must be the same buffer, not an equal one.
    public void append(DataFrame frame) {
        ByteBuf source = frame.buffer();
        int header = FrameEncoder.headerLength(frame.length());
        if (source != buffer || end + header > frame.index()) {
            flushSlice();
            begin(frame, header);
            return;
        }
        FrameEncoder.setHeader(source, end, frame.flags(), frame.length());
        source.setBytes(end + header, source, frame.index(), frame.length());
        end += header + frame.length();
    }

    private void begin(DataFrame frame, int header) {
        ByteBuf source = frame.buffer();
        start = frame.index();
        end = start + frame.length();
        if (header <= frame.headroom()) {
            start -= header;
            FrameEncoder.setHeader(source, start, frame.flags(), frame.length());
        } else {
            ByteBuf ahead = source.alloc().ioBuffer(header);
            FrameEncoder.setHeader(ahead, 0, frame.flags(), frame.length());
            out.accept(ahead.writerIndex(header));
        }
        if (start < end) {
            buffer = source.retain();
        }
    }

    /**
     * Emits the current run as a slice of its buffer. Use this while the buffer is still being decoded and may contain
     * more frames.
     */
    public void flushSlice() {
        ByteBuf run = buffer;
        if (run != null) {
            buffer = null;
            emit(run, run.slice(start, end - start));
        }
    }

    /** Emits the current run as the buffer itself. Use this once nothing else reads the buffer. */
    public void flushOwned() {
        ByteBuf run = buffer;
        if (run != null) {
            buffer = null;
            emit(run, run.setIndex(start, end));
        }
    }

    /**
     * Emits the run, or a copy of it if it is much smaller than its buffer. Otherwise a peer that does not read could
     * make the service keep a whole buffer for every byte of output.
     */
    private void emit(ByteBuf run, ByteBuf bytes) {
        if ((end - start) * (long) MAX_WASTE >= run.capacity()) {
            out.accept(bytes);
            return;
        }
        try {
            out.accept(run.alloc().ioBuffer(end - start).writeBytes(run, start, end - start));
        } finally {
            run.release();
        }
    }

    /** Discards the current run. */
    public void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
