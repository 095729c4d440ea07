package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Encodes a server's frames: never masked (RFC 6455 section 5.1), with the length in its shortest form (section 5.2).
 */
public final class FrameEncoder {

    private static final int MAX_IN_7_BITS = 125;
    private static final int MAX_IN_16_BITS = 0xFFFF;
    /** A control frame's payload has at most 125 bytes (section 5.5); in a Close frame, two of them hold the code. */
    private static final int MAX_REASON_BYTES = 123;

    private FrameEncoder() {}

    static int headerLength(int payloadLength) {
        return payloadLength <= MAX_IN_7_BITS ? 2 : payloadLength <= MAX_IN_16_BITS ? 4 : 10;
    }

    /** @param flags the first octet: FIN, reserved bits and opcode */
    static void setHeader(ByteBuf target, int index, int flags, int payloadLength) {
        target.setByte(index, flags);
        if (payloadLength <= MAX_IN_7_BITS) {
            target.setByte(index + 1, payloadLength);
        } else if (payloadLength <= MAX_IN_16_BITS) {
            target.setByte(index + 1, 126);
            target.setShort(index + 2, payloadLength);
        } else {
            target.setByte(index + 1, 127);
            target.setLong(index + 2, payloadLength);
        }
    }

    /** Encodes a ping. */
    public static ByteBuf ping(ByteBufAllocator allocator, byte[] payload) {
        return control(allocator, Opcode.PING, payload);
    }

    /** Encodes the pong that answers a ping with this payload. */
    public static ByteBuf pong(ByteBufAllocator allocator, byte[] payload) {
        return control(allocator, Opcode.PONG, payload);
    }

    /** Encodes a Close frame with the payload of the one that it answers. */
    public static ByteBuf close(ByteBufAllocator allocator, byte[] payload) {
        return control(allocator, Opcode.CLOSE, payload);
    }

    /**
     * Encodes a Close frame.
     *
     * @param reason ASCII; truncated to the 123 bytes that fit into a control frame
     */
    public static ByteBuf close(ByteBufAllocator allocator, int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[2 + Math.min(text.length, MAX_REASON_BYTES)];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        return control(allocator, Opcode.CLOSE, payload);
    }

    private static ByteBuf control(ByteBufAllocator allocator, Opcode opcode, byte[] payload) {
        ByteBuf frame = allocator.ioBuffer(2 + payload.length);
        return frame.writeByte(FrameHeader.FIN | opcode.bits())
                .writeByte(payload.length)
                .writeBytes(payload);
    }
}
