package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Validates a stream of bytes as UTF-8 (RFC 3629), however it is split. Rejects the first byte that no continuation can
 * make valid, including overlong forms, surrogates and code points above U+10FFFF. One text message at a time.
 */
public final class Utf8Validator {

    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt HALF = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /** Continuation bytes that are missing from the current code point. */
    private int missing;
    /** The range of the next continuation byte; narrower than 80 to BF after E0, ED, F0 and F4 (RFC 3629 section 4). */
    private int min;

    private int max;

    /**
     * Validates the next bytes.
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

    /**
     * Validates the next bytes. Returns false if they cannot be part of UTF-8; the validator cannot be used after that.
     */
    boolean accept(ByteBuf bytes, int index, int length) {
        int end = index + length;
        int i = index;
        while (i < end) {
            if (missing == 0 && end - i >= Long.BYTES && bytes.hasMemoryAddress()) {
                i += skipWhole(bytes.memoryAddress() + i, end - i);
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

    /**
     * Validates the next bytes, unless they are known to be ASCII.
     *
     * @param seen all of them ORed, see {@link Mask#apply}
     */
    void check(ByteBuf bytes, int index, int length, long seen) {
        if (missing > 0 || (seen & NOT_ASCII) != 0) {
            check(bytes, index, length);
        }
    }

    /** Whether the bytes so far end with a complete code point. */
    boolean isComplete() {
        return missing == 0;
    }

    /**
     * Skips valid code points, several bytes at a time. Leaves what it cannot decide to {@link #accept(int)}, which
     * checks all rules.
     *
     * @return bytes skipped; they end with a complete code point
     */
    private static int skipWhole(long address, int length) {
        int i = 0;
        while (i <= length - Long.BYTES) {
            long word = Memory.ALL.get(WORD, address + i);
            if ((word & NOT_ASCII) == 0) {
                i += Long.BYTES;
                continue;
            }
            i += Long.numberOfLeadingZeros(word & NOT_ASCII) >>> 3;
            int whole = i <= length - Integer.BYTES ? wholeOf(Memory.ALL.get(HALF, address + i)) : 0;
            if (whole == 0) {
                return i;
            }
            i += whole;
        }
        return i;
    }

    /** The length of the code point of two to four bytes at the start of these bytes; 0 if it is not valid. */
    private static int wholeOf(int bytes) {
        int lead = bytes >>> 24;
        if ((bytes & 0xF0C0C000) == 0xE0808000) {
            int codePoint = (bytes >>> 12 & 0xF000) | (bytes >>> 10 & 0xFC0); // Its last six bits decide nothing.
            return codePoint >= 0x800 && (codePoint & 0xF800) != 0xD800 ? 3 : 0;
        }
        if ((bytes & 0xE0C00000) == 0xC0800000) {
            return lead >= 0xC2 ? 2 : 0;
        }
        if ((bytes & 0xF8C0C0C0) == 0xF0808080) {
            int plane = (bytes >>> 22 & 0x1C) | (bytes >>> 20 & 0x3);
            return plane >= 1 && plane <= 16 ? 4 : 0;
        }
        return 0;
    }

    private boolean accept(int octet) {
        if (missing == 0) {
            return lead(octet);
        }
        if (octet < min || octet > max) {
            return false;
        }
        missing--;
        min = 0x80;
        max = 0xBF;
        return true;
    }

    private boolean lead(int octet) {
        if (octet < 0x80) {
            return true;
        }
        if (octet < 0xC2 || octet > 0xF4) {
            return false;
        }
        missing = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
        min = octet == 0xE0 ? 0xA0 : octet == 0xF0 ? 0x90 : 0x80;
        max = octet == 0xED ? 0x9F : octet == 0xF4 ? 0x8F : 0xBF;
        return true;
    }
}
