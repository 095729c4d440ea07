package dev.resound.websocket.frame;

import io.netty.buffer.ByteBuf;

/**
 * Tells whether a stream of bytes is UTF-8 (RFC 3629), however it is cut, and refuses the first byte that no continuation
 * could mend: over-long forms, surrogates and code points above U+10FFFF too. One text message at a time.
 */
public final class Utf8Validator {

    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    /** Continuation bytes that the current code point still lacks. */
    private int lacking;
    /** The range of the next continuation byte; narrower than 80 to BF after E0, ED, F0 and F4 (RFC 3629 section 4). */
    private int least;

    private int most;

    /**
     * Takes the next bytes.
     *
     * @throws ProtocolViolation if they cannot be part of UTF-8
     */
    public void check(ByteBuf bytes, int index, int length) {
        if (!accept(bytes, index, length)) {
            throw ProtocolViolation.invalidPayload("a text message must be UTF-8 (RFC 6455 8.1)");
        }
    }

    /**
     * Ends the message.
     *
     * @throws ProtocolViolation if it ends inside a code point
     */
    public void checkEnd() {
        if (!isComplete()) {
            throw ProtocolViolation.invalidPayload("a text message must not end inside a code point (RFC 6455 8.1)");
        }
    }

    /** Takes the next bytes; false where they cannot be part of UTF-8. After that the validator is of no more use. */
    boolean accept(ByteBuf bytes, int index, int length) {
        int end = index + length;
        int i = index;
        while (i < end) {
            if (lacking == 0) {
                i = skipAscii(bytes, i, end);
                if (i == end) {
                    return true;
                }
            }
            if (!accept(bytes.getByte(i++) & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes so far end with a whole code point. */
    boolean isComplete() {
        return lacking == 0;
    }

    private static int skipAscii(ByteBuf bytes, int from, int end) {
        int i = from;
        while (i + Long.BYTES <= end && (bytes.getLong(i) & NOT_ASCII) == 0) {
            i += Long.BYTES;
        }
        while (i < end && bytes.getByte(i) >= 0) {
            i++;
        }
        return i;
    }

    private boolean accept(int octet) {
        if (lacking == 0) {
            return lead(octet);
        }
        if (octet < least || octet > most) {
            return false;
        }
        lacking--;
        least = 0x80;
        most = 0xBF;
        return true;
    }

    private boolean lead(int octet) {
        if (octet < 0x80) {
            return true;
        }
        if (octet < 0xC2 || octet > 0xF4) {
            return false;
        }
        lacking = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
        least = octet == 0xE0 ? 0xA0 : octet == 0xF0 ? 0x90 : 0x80;
        most = octet == 0xED ? 0x9F : octet == 0xF4 ? 0x8F : 0xBF;
        return true;
    }
}
