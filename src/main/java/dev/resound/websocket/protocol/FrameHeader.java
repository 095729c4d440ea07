package dev.resound.websocket.protocol;

import static dev.resound.websocket.protocol.ProtocolViolation.protocolError;

import io.netty.buffer.ByteBuf;

/**
 * Parses the header of a client's frame (RFC 6455 section 5.2) octet by octet. It reports a violation at the octet that
 * breaks the rule, however the bytes arrive.
 */
final class FrameHeader {

    static final int FIN = 0x80;
    /** Per-message compression (RFC 7692 section 6). */
    static final int RSV1 = 0x40;

    private static final int RSV = 0x70;
    private static final int OPCODE = 0x0F;
    private static final int MASK = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int SIGN = 0x80;
    private static final int MAX_CONTROL_PAYLOAD = 125;
    private static final int MAX_IN_7_BITS = 125;
    private static final int MAX_IN_16_BITS = 0xFFFF;
    /** The octets of the shortest header: a 7-bit length and the masking key. */
    private static final int SHORTEST = 6;

    private final long maxPayload;

    private boolean compressionAllowed;
    private boolean compressed;
    private int octets;
    private int maskAt;
    private boolean fin;
    private Opcode opcode = Opcode.CONTINUATION;
    private long length;
    private int maskingKey;

    /** @param maxPayload the largest payload of a data frame in bytes; 0 for no limit */
    FrameHeader(long maxPayload) {
        this.maxPayload = maxPayload == 0 ? Long.MAX_VALUE : maxPayload;
    }

    /** From now on, accepts messages that are marked as compressed. */
    void allowCompression() {
        compressionAllowed = true;
    }

    /** Resets the parser for the next frame. */
    void reset() {
        octets = 0;
        length = 0;
        maskingKey = 0;
    }

    /**
     * Parses the next octet.
     *
     * @param insideMessage whether a fragmented message is still incomplete
     * @return whether the header is complete
     * @throws ProtocolViolation if this octet breaks a rule
     */
    boolean accept(int octet, boolean insideMessage) {
        int position = octets++;
        if (position == 0) {
            first(octet, insideMessage);
        } else if (position == 1) {
            second(octet);
        } else if (position < maskAt) {
            extendedLength(position, octet);
        } else {
            maskingKey = maskingKey << 8 | octet;
            return position == maskAt + 3;
        }
        return false;
    }

    /**
     * Parses a whole header at once and skips it, if the buffer contains all of it.
     *
     * @param in positioned at the start of a frame
     * @return whether the header is complete; if not, nothing was read
     * @throws ProtocolViolation if the header breaks a rule
     */
    boolean acceptWhole(ByteBuf in, boolean insideMessage) {
        int available = in.readableBytes();
        if (octets > 0 || available < SHORTEST) {
            return false;
        }
        int index = in.readerIndex();
        int start = in.getShort(index);
        int shortLength = start & LENGTH;
        maskAt = shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10;
        if (available < maskAt + Integer.BYTES) {
            return false;
        }
        first(start >>> 8 & 0xFF, insideMessage);
        second(start & 0xFF);
        if (maskAt > 2) {
            length = maskAt == 4 ? in.getUnsignedShort(index + 2) : in.getLong(index + 2);
            checkLength();
        }
        maskingKey = in.getInt(index + maskAt);
        in.skipBytes(maskAt + Integer.BYTES);
        return true;
    }

    private void first(int octet, boolean insideMessage) {
        Opcode known = Opcode.of(octet & OPCODE);
        int reserved = octet & RSV;
        if (reserved != 0 && !(compressionAllowed && reserved == RSV1)) {
            throw protocolError("reserved bits must be 0 where no extension was negotiated (RFC 6455 5.2)");
        }
        if (known == null) {
            throw protocolError("opcodes 3 to 7 and 11 to 15 are reserved (RFC 6455 5.2)");
        }
        if (reserved != 0 && (known.isControl() || known == Opcode.CONTINUATION)) {
            throw protocolError("only the first frame of a message may be marked as compressed (RFC 7692 6.1)");
        }
        compressed = reserved == RSV1;
        opcode = known;
        fin = (octet & FIN) != 0;
        if (known.isControl()) {
            if (!fin) {
                throw protocolError("a control frame must not be fragmented (RFC 6455 5.5)");
            }
        } else if (insideMessage && known != Opcode.CONTINUATION) {
            throw protocolError("a new message must not start inside a fragmented one (RFC 6455 5.4)");
        } else if (!insideMessage && known == Opcode.CONTINUATION) {
            throw protocolError("a continuation must follow a fragment (RFC 6455 5.4)");
        }
    }

    private void second(int octet) {
        if ((octet & MASK) == 0) {
            throw protocolError("a client must mask its frames (RFC 6455 5.1)");
        }
        int shortLength = octet & LENGTH;
        if (opcode.isControl() && shortLength > MAX_CONTROL_PAYLOAD) {
            throw protocolError("a control frame has at most 125 bytes of payload (RFC 6455 5.5)");
        }
        maskAt = shortLength == 127 ? 10 : shortLength == 126 ? 4 : 2;
        if (maskAt == 2) {
            length = shortLength;
            checkSize();
        }
    }

    private void extendedLength(int position, int octet) {
        if (maskAt == 10 && position == 2) {
            checkSign((octet & SIGN) == 0);
        }
        length = length << 8 | octet;
        if (position == maskAt - 1) {
            checkLength();
        }
    }

    private void checkLength() {
        checkSign(length >= 0);
        if (length <= (maskAt == 4 ? MAX_IN_7_BITS : MAX_IN_16_BITS)) {
            throw protocolError("a length must be in its shortest form (RFC 6455 5.2)");
        }
        checkSize();
    }

    private static void checkSign(boolean positive) {
        if (!positive) {
            throw protocolError("the most significant bit of a 64-bit length must be 0 (RFC 6455 5.2)");
        }
    }

    private void checkSize() {
        if (length > maxPayload && !opcode.isControl()) {
            throw ProtocolViolation.tooBig("a frame has at most " + maxPayload + " bytes of payload here");
        }
    }

    boolean fin() {
        return fin;
    }

    /** Whether this frame starts a compressed message. */
    boolean compressed() {
        return compressed;
    }

    Opcode opcode() {
        return opcode;
    }

    /** The length of the payload in bytes. */
    long length() {
        return length;
    }

    /** The masking key, with its first octet in the most significant byte. */
    int maskingKey() {
        return maskingKey;
    }
}
