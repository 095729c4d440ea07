package dev.resound.websocket.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * A data frame on its way through: a view that its decoder fills anew for each frame, so that a message costs no object.
 * A frame that is larger than the decoder's piece size comes as several of these, cut as RFC 6455 section 5.4 allows an
 * intermediary to.
 */
public final class DataFrame {

    /** Room in front of a payload for the longest header that a server writes. */
    public static final int HEADROOM = 10;

    /** The part of its buffer that a frame has to fill for the buffer to be kept for it. */
    private static final int LEAST_SHARE = 16;

    private Opcode opcode = Opcode.CONTINUATION;
    private boolean fin;
    private boolean text;
    private boolean compressed;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int index;
    private int length;
    private int headroom;

    /** Says which part of which message this is; {@link #payload} follows. */
    public DataFrame set(Opcode opcode, boolean fin, boolean text, boolean compressed) {
        this.opcode = opcode;
        this.fin = fin;
        this.text = text;
        this.compressed = compressed;
        return this;
    }

    /**
     * Puts a payload in.
     *
     * @param buffer stays the caller's to release
     * @param headroom octets in front of the payload that may be written over
     */
    public DataFrame payload(ByteBuf buffer, int index, int length, int headroom) {
        this.buffer = buffer;
        this.index = index;
        this.length = length;
        this.headroom = headroom;
        return this;
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

    /**
     * Whether the message that this belongs to is compressed between us and the client (RFC 7692 section 6); where an inflater is
     * on the way, the payload behind it no longer is.
     */
    public boolean isCompressed() {
        return compressed;
    }

    /** What kind of frame this is: the type of its message for the first one, then a continuation. */
    public Opcode opcode() {
        return opcode;
    }

    /** The payload, valid as long as the buffer that it came in. */
    public ByteBuffer payload() {
        return buffer.nioBuffer(index, length);
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
            FrameEncoder.setHeader(copy, 0, flags(), length);
            out.write(copy.writerIndex(header).writeBytes(buffer, index, length));
            return;
        }
        if (header <= headroom) {
            FrameEncoder.setHeader(buffer, index - header, flags(), length);
            out.write(buffer.retainedSlice(index - header, header + length));
            return;
        }
        ByteBuf front = buffer.alloc().ioBuffer(header);
        FrameEncoder.setHeader(front, 0, flags(), length);
        out.write(front.writerIndex(header));
        if (length > 0) {
            out.write(buffer.retainedSlice(index, length));
        }
    }

    private int flags() {
        boolean begins = opcode != Opcode.CONTINUATION;
        return (fin ? FrameHeader.FIN : 0) | (compressed && begins ? FrameHeader.RSV1 : 0) | opcode.bits();
    }

    /** Takes over buffers. */
    public interface BufferSink {
        void write(ByteBuf buffer);
    }
}
