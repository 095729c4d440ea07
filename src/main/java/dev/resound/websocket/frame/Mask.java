package dev.resound.websocket.frame;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Removes the mask of a client's frame (RFC 6455 section 5.3): octet i of the payload XOR octet i mod 4 of the key. */
final class Mask {

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Mask() {}

    /**
     * Unmasks in place.
     *
     * @param key the four octets of the masking key, the first in the most significant byte, rotated so that it applies to
     *     the first byte here
     * @return all unmasked bytes ORed into the bytes of a word: what has no most significant bit here is ASCII as a whole
     */
    static long apply(int key, ByteBuf bytes, int index, int length) {
        return bytes.hasMemoryAddress()
                ? inMemory(key, bytes.memoryAddress() + index, length)
                : inBuffer(key, bytes, index, length);
    }

    /** Words in the order of the machine, in a loop of which the compiler makes vector instructions. */
    private static long inMemory(int key, long address, int length) {
        long wide = wide(LITTLE_ENDIAN ? Integer.reverseBytes(key) : key);
        long end = address + (length & -Long.BYTES);
        long seen = 0;
        for (long at = address; at < end; at += Long.BYTES) {
            long unmasked = Memory.ALL.get(WORD, at) ^ wide;
            Memory.ALL.set(WORD, at, unmasked);
            seen |= unmasked;
        }
        for (int i = 0; i < (length & (Long.BYTES - 1)); i++) {
            byte unmasked = (byte) (Memory.ALL.get(ValueLayout.JAVA_BYTE, end + i) ^ octet(key, i));
            Memory.ALL.set(ValueLayout.JAVA_BYTE, end + i, unmasked);
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

    /** The octet of the key for octet {@code i}, in the lowest byte. */
    private static int octet(int key, int i) {
        return key >>> (24 - 8 * (i & 3));
    }

    /** The key as it applies after {@code count} more octets. */
    static int rotate(int key, long count) {
        return Integer.rotateLeft(key, 8 * (int) (count & 3));
    }
}
