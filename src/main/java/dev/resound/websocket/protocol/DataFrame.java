package dev.resound.websocket.protocol;

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

    ByteBuf buffer() {
        return buffer;
    }

    /** Where the payload begins in its buffer. */
    int index() {
        return index;
    }

    /** Octets in front of the payload that may be written over. */
    int headroom() {
        return headroom;
    }

    /** The first octet of the frame: FIN, reserved bits and opcode. */
    int flags() {
        boolean begins = opcode != Opcode.CONTINUATION;
        return (fin ? FrameHeader.FIN : 0) | (compressed && begins ? FrameHeader.RSV1 : 0) | opcode.bits();
    }
}
