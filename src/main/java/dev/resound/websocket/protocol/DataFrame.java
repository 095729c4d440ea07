package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * A view of a data frame or of a piece of one. Its decoder reuses it for every frame, so a message allocates no object.
 * A frame that is larger than the decoder's piece size is split into several of these, as RFC 6455 section 5.4 allows
 * an intermediary to do.
 */
public final class DataFrame {

    /** Space in front of a payload for the longest header that a server writes. */
    public static final int HEADROOM = 10;

    private Opcode opcode = Opcode.CONTINUATION;
    private boolean fin;
    private boolean text;
    private boolean compressed;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int index;
    private int length;
    private int headroom;

    /** Sets which part of which message this is. Call {@link #payload(ByteBuf, int, int, int)} next. */
    public DataFrame set(Opcode opcode, boolean fin, boolean text, boolean compressed) {
        this.opcode = opcode;
        this.fin = fin;
        this.text = text;
        this.compressed = compressed;
        return this;
    }

    /**
     * Sets the payload.
     *
     * @param buffer remains the caller's to release
     * @param headroom octets in front of the payload that may be overwritten
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

    /** Whether this is the end of its message. */
    public boolean endsMessage() {
        return fin;
    }

    /** Whether the message is text; otherwise it is binary. */
    public boolean isText() {
        return text;
    }

    /**
     * Whether the message is compressed between the client and the service (RFC 7692 section 6). This remains true
     * after the payload was inflated.
     */
    public boolean isCompressed() {
        return compressed;
    }

    /** The opcode: the type of the message in its first frame, then {@link Opcode#CONTINUATION}. */
    public Opcode opcode() {
        return opcode;
    }

    /** The payload; valid as long as the buffer that contains it. */
    public ByteBuffer payload() {
        return buffer.nioBuffer(index, length);
    }

    /** Bytes of payload. */
    public int length() {
        return length;
    }

    ByteBuf buffer() {
        return buffer;
    }

    /** The index of the payload in its buffer. */
    int index() {
        return index;
    }

    /** Octets in front of the payload that may be overwritten. */
    int headroom() {
        return headroom;
    }

    /** The first octet of the frame: FIN, reserved bits and opcode. */
    int flags() {
        boolean begins = opcode != Opcode.CONTINUATION;
        return (fin ? FrameHeader.FIN : 0) | (compressed && begins ? FrameHeader.RSV1 : 0) | opcode.bits();
    }
}
