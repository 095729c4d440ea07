package dev.resound.websocket.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A data frame on its way through: a view that its decoder fills anew for each frame, so that a message costs no object.
 * A frame that is larger than the decoder's piece size comes as several of these, cut as RFC 6455 section 5.4 allows an
 * intermediary to.
 */
public final class DataFrame {

    /** The part of its buffer that a frame has to fill for the buffer to be kept for it. */
    private static final int LEAST_SHARE = 16;

    private Opcode opcode = Opcode.CONTINUATION;
    private boolean fin;
    private boolean text;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int index;
    private int length;
    private int headroom;

    DataFrame() {}

    void set(Opcode opcode, boolean fin, boolean text, ByteBuf buffer, int index, int length, int headroom) {
        this.opcode = opcode;
        this.fin = fin;
        this.text = text;
        this.buffer = buffer;
        this.index = index;
        this.length = length;
        this.headroom = headroom;
    }

    void clear() {
        buffer = Unpooled.EMPTY_BUFFER;
    }

    /** Whether this ends its message. */
    public boolean endsMessage() {
        return fin;
    }

    /** Whether the message that this belongs to is text, not binary. */
    public boolean isText() {
        return text;
    }

    /** Bytes of payload. */
    public int length() {
        return length;
    }

    /**
     * The same frame as a server sends it, unmasked. Where the masked header that the frame came with left enough room in
     * front of the payload, the new header is written there and nothing is copied. A frame that is small beside its buffer is
     * copied, as a peer that does not read could make us keep a whole buffer for each byte that is due to it.
     *
     * @param out takes over one buffer, or the header and then the payload, each to be written and released
     */
    public void writeTo(BufferSink out) {
        int header = FrameEncoder.headerLength(length);
        if ((header + length) * (long) LEAST_SHARE < buffer.capacity()) {
            ByteBuf copy = buffer.alloc().ioBuffer(header + length);
            FrameEncoder.setHeader(copy, 0, opcode, fin, length);
            out.write(copy.writerIndex(header).writeBytes(buffer, index, length));
            return;
        }
        if (header <= headroom) {
            FrameEncoder.setHeader(buffer, index - header, opcode, fin, length);
            out.write(buffer.retainedSlice(index - header, header + length));
            return;
        }
        ByteBuf front = buffer.alloc().ioBuffer(header);
        FrameEncoder.setHeader(front, 0, opcode, fin, length);
        out.write(front.writerIndex(header));
        if (length > 0) {
            out.write(buffer.retainedSlice(index, length));
        }
    }

    /** Takes over buffers. */
    public interface BufferSink {
        void write(ByteBuf buffer);
    }
}
