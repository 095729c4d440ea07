package dev.resound.websocket.frame;

import io.netty.buffer.ByteBuf;

/** Removes the mask of a client's frame (RFC 6455 section 5.3): octet i of the payload XOR octet i mod 4 of the key. */
final class Mask {

    private Mask() {}

    /**
     * Unmasks in place.
     *
     * @param key the four octets of the masking key, the first in the most significant byte, rotated so that it applies to
     *     the first byte here
     */
    static void apply(int key, ByteBuf bytes, int index, int length) {
        long wide = (key & 0xFFFF_FFFFL) << 32 | (key & 0xFFFF_FFFFL);
        int end = index + length;
        int i = index;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            bytes.setLong(i, bytes.getLong(i) ^ wide);
        }
        for (int shift = 24; i < end; i++, shift = (shift - 8) & 31) {
            bytes.setByte(i, bytes.getByte(i) ^ (key >>> shift));
        }
    }

    /** The key as it applies after {@code count} more octets. */
    static int rotate(int key, long count) {
        return Integer.rotateLeft(key, 8 * (int) (count & 3));
    }
}
