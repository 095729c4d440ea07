package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes data frames as a server sends them, unmasked, in the buffer that they came in. What follows on in the same buffer is
 * drawn up to what was written last, as a header without a mask is shorter, so the frames of one read become one run of bytes and
 * are written with one call.
 *
 * <p>For one connection and one thread.
 */
public final class CoalescingWriter {

    /** The part of its buffer that a run has to fill for the buffer to be kept for it. */
    private static final int LEAST_SHARE = 16;

    private final BufferSink out;
    private @Nullable ByteBuf buffer;
    private int start;
    private int end;

    /** Takes over buffers. */
    public interface BufferSink {
        /** Each one is to be written and released. */
        void write(ByteBuf buffer);
    }

    /** @param out where the runs go, in the order of the frames */
    public CoalescingWriter(BufferSink out) {
        this.out = out;
    }

    /** Adds a frame; its buffer is changed, but from the frame's headroom to its end only, or in front of it in this run. */
    @SuppressWarnings("ReferenceEquality") // Equal bytes elsewhere are no place to write to.
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
            out.write(ahead.writerIndex(header));
        }
        if (start < end) {
            buffer = source.retain();
        }
    }

    /** Hands on what was added so far. The buffer that it lies in may be read on, and frames of it may follow. */
    public void flushSlice() {
        ByteBuf run = buffer;
        if (run != null) {
            buffer = null;
            emit(run, run.slice(start, end - start));
        }
    }

    /** As {@link #flushSlice}, where nobody reads on in the buffer: it goes out itself. */
    public void flushOwned() {
        ByteBuf run = buffer;
        if (run != null) {
            buffer = null;
            emit(run, run.setIndex(start, end));
        }
    }

    /**
     * A run that is small beside its buffer is copied, as a peer that does not read could make us keep a whole buffer for each byte
     * that is due to it.
     */
    private void emit(ByteBuf run, ByteBuf bytes) {
        if ((end - start) * (long) LEAST_SHARE >= run.capacity()) {
            out.write(bytes);
            return;
        }
        try {
            out.write(run.alloc().ioBuffer(end - start).writeBytes(run, start, end - start));
        } finally {
            run.release();
        }
    }

    /** Forgets what was not handed on. */
    public void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
