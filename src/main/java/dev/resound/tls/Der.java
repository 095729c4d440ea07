package dev.resound.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One value in DER (ITU-T X.690): as much of it as it takes to see what kind of key a file holds.
 *
 * @param tag the identifier octet
 * @param encoded the whole value, with its tag and length
 * @param content the value without them
 */
record Der(int tag, ByteBuffer encoded, ByteBuffer content) {

    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int SEQUENCE = 0x30;
    /** The tag of an optional member number 0, such as the curve of an EC key (RFC 5915). */
    static final int MEMBER_0 = 0xA0;

    private static final int LONG_FORM = 0x80;
    private static final int MOST_LENGTH_BYTES = 3;
    private static final int BYTE = 0xFF;

    /** @throws IllegalArgumentException if the bytes are not DER */
    static Der of(byte[] bytes) {
        return read(ByteBuffer.wrap(bytes));
    }

    private static Der read(ByteBuffer in) {
        try {
            int start = in.position();
            int tag = in.get() & BYTE;
            int length = length(in);
            int end = in.position() + length;
            ByteBuffer content = in.slice(in.position(), length);
            in.position(end);
            return new Der(tag, in.slice(start, end - start), content);
        } catch (BufferUnderflowException | IndexOutOfBoundsException cut) {
            throw new IllegalArgumentException("DER that is cut off", cut);
        }
    }

    private static int length(ByteBuffer in) {
        int first = in.get() & BYTE;
        if (first < LONG_FORM) {
            return first;
        }
        int bytes = first - LONG_FORM;
        if (bytes == 0 || bytes > MOST_LENGTH_BYTES) {
            throw new IllegalArgumentException("a length that DER does not have here");
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = (length << Byte.SIZE) | (in.get() & BYTE);
        }
        return length;
    }

    /** The members of a sequence. */
    List<Der> members() {
        if (tag != SEQUENCE && tag != MEMBER_0) {
            throw new IllegalArgumentException("not a sequence");
        }
        List<Der> members = new ArrayList<>();
        ByteBuffer rest = content.duplicate();
        while (rest.hasRemaining()) {
            members.add(read(rest));
        }
        return members;
    }

    /** The content in hexadecimal digits. */
    String hex() {
        return HexFormat.of().formatHex(bytes(content));
    }

    /** Encodes a value that consists of others. */
    static Der encode(int tag, ByteBuffer... parts) {
        var content = new ByteArrayOutputStream();
        for (ByteBuffer part : parts) {
            content.writeBytes(bytes(part));
        }
        int length = content.size();
        int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + Byte.SIZE - 1) / Byte.SIZE;
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= LONG_FORM) {
            out.write(LONG_FORM + bytes);
        }
        for (int i = Math.max(bytes, 1) - 1; i >= 0; i--) {
            out.write(length >> (i * Byte.SIZE));
        }
        out.writeBytes(content.toByteArray());
        return of(out.toByteArray());
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
