package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Removes the mask of a client's frame (RFC 6455 section 5.3): octet i of the payload XOR octet i mod 4 of the key. */
final class Mask {

    private static final ValueLayout.OfByte OCTET = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    /** In native byte order, which avoids reversing each word. */
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Mask() {}

    /**
     * Unmasks in place.
     *
     * @param key the four octets of the masking key, the first in the most significant byte, rotated so that it applies
     *     to the first byte here
     * @return all unmasked bytes, ORed into the bytes of one word; if none of them has its most significant bit set,
     *     all bytes are ASCII
     */
    static long apply(int key, ByteBuf bytes, int index, int length) {
        return bytes.hasMemoryAddress()
                ? inMemory(key, bytes.memoryAddress() + index, length)
                : inBuffer(key, bytes, index, length);
    }

    /**
     * Unmasks up to the first word boundary, then word by word in a loop that the compiler vectorizes, then the rest.
     *
     * <p>The compiler vectorizes the loop only if it inlines everything that the loop calls. On the long call path from
     * the socket to here, it may have reached its inlining limits; a large message then costs three times as much for
     * as long as the process lives. So this method is written out: with more than 325 bytes of bytecode
     * (-XX:FreqInlineSize), it is never inlined into its callers and is always compiled on its own.
     */
    private static long inMemory(int key, long address, int length) {
        long at = address;
        long end = address + length;
        int next = key;
        long seen = 0;
        if ((at & Byte.BYTES) != 0 && at < end) {
            byte unmasked = (byte) (Memory.ALL.get(OCTET, at) ^ next >>> 24);
            Memory.ALL.set(OCTET, at, unmasked);
            seen |= unmasked;
            at += Byte.BYTES;
            next = Integer.rotateLeft(next, Byte.SIZE);
        }
        if ((at & Short.BYTES) != 0 && end - at >= Short.BYTES) {
            short unmasked = (short) (Memory.ALL.get(SHORT, at) ^ next >>> 16);
            Memory.ALL.set(SHORT, at, unmasked);
            seen |= unmasked;
            at += Short.BYTES;
            next = Integer.rotateLeft(next, Short.SIZE);
        }
        if ((at & Integer.BYTES) != 0 && end - at >= Integer.BYTES) {
            int unmasked = Memory.ALL.get(INT, at) ^ next;
            Memory.ALL.set(INT, at, unmasked);
            seen |= unmasked;
            at += Integer.BYTES;
        }
        long wide = wide(LITTLE_ENDIAN ? Integer.reverseBytes(next) : next);
        for (long words = at + (end - at & -Long.BYTES); at < words; at += Long.BYTES) {
            long unmasked = Memory.ALL.get(WORD, at) ^ wide;
            Memory.ALL.set(WORD, at, unmasked);
            seen |= unmasked;
        }
        if (end - at >= Integer.BYTES) {
            int unmasked = Memory.ALL.get(INT, at) ^ next;
            Memory.ALL.set(INT, at, unmasked);
            seen |= unmasked;
            at += Integer.BYTES;
        }
        if (end - at >= Short.BYTES) {
            short unmasked = (short) (Memory.ALL.get(SHORT, at) ^ next >>> 16);
            Memory.ALL.set(SHORT, at, unmasked);
            seen |= unmasked;
            at += Short.BYTES;
            next <<= Short.SIZE;
        }
        if (at < end) {
            byte unmasked = (byte) (Memory.ALL.get(OCTET, at) ^ next >>> 24);
            Memory.ALL.set(OCTET, at, unmasked);
            seen |= unmasked;
        }
        return seen;
    }

    private static long inBuffer(int key, ByteBuf bytes, int index, int length) {
        int whole = length & -Long.BYTES;
        long seen = 0;
        for (int i = 0; i < whole; i += Long.BYTES) {
            long unmasked = bytes.getLong(index + i) ^ wide(key);
            bytes.setLong(index + i, unmasked);
            seen |= unmasked;
        }
        for (int i = whole; i < length; i++) {
            byte unmasked = (byte) (bytes.getByte(index + i) ^ octet(key, i));
            bytes.setByte(index + i, unmasked);
            seen |= unmasked;
        }
        return seen;
    }

    private static long wide(int key) {
        return (key & 0xFFFF_FFFFL) << 32 | (key & 0xFFFF_FFFFL);
    }

    /** The octet of the key that applies to octet {@code i}, in the lowest byte. */
    private static int octet(int key, int i) {
        return key >>> (24 - 8 * (i & 3));
    }

    /** Rotates the key so that it applies after {@code count} more octets. */
    static int rotate(int key, long count) {
        return Integer.rotateLeft(key, 8 * (int) (count & 3));
    }
}
