package dev.resound.websocket.frame;

import io.netty.buffer.ByteBuf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Removes the mask of a client's frame (RFC 6455 section 5.3): octet i of the payload XOR octet i mod 4 of the key. */
final class Mask {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
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
        int whole = length & -Long.BYTES;
        long seen = bytes.hasMemoryAddress()
                ? xor(key, Memory.ALL, bytes.memoryAddress() + index, whole)
                : xor(key, bytes, index, whole);
        for (int i = whole, shift = 24; i < length; i++, shift -= 8) {
            int octet = (bytes.getByte(index + i) ^ (key >>> (shift & 31))) & 0xFF;
            bytes.setByte(index + i, octet);
            seen |= octet;
        }
        return seen;
    }

    /** In the order of the machine, and in a form of which the compiler makes vector instructions. */
    private static long xor(int key, MemorySegment memory, long address, int length) {
        int ordered = LITTLE_ENDIAN ? Integer.reverseBytes(key) : key;
        long wide = (ordered & 0xFFFF_FFFFL) << 32 | (ordered & 0xFFFF_FFFFL);
        long seen = 0;
        for (int i = 0; i < length; i += Long.BYTES) {
            long unmasked = memory.get(LONG, address + i) ^ wide;
            memory.set(LONG, address + i, unmasked);
            seen |= unmasked;
        }
        return seen;
    }

    private static long xor(int key, ByteBuf bytes, int index, int length) {
        long wide = (key & 0xFFFF_FFFFL) << 32 | (key & 0xFFFF_FFFFL);
        long seen = 0;
        for (int i = index; i < index + length; i += Long.BYTES) {
            long unmasked = bytes.getLong(i) ^ wide;
            bytes.setLong(i, unmasked);
            seen |= unmasked;
        }
        return seen;
    }

    /** The key as it applies after {@code count} more octets. */
    static int rotate(int key, long count) {
        return Integer.rotateLeft(key, 8 * (int) (count & 3));
    }
}
