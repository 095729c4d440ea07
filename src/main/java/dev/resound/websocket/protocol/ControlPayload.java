package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Collects the payload of a control frame. It has at most 125 octets, so it is buffered whole (RFC 6455 section 5.5).
 */
final class ControlPayload {

    private byte[] octets = new byte[0];
    private int read;

    /** Starts the payload of the next frame. */
    void begin(int length) {
        octets = new byte[length];
        read = 0;
    }

    /** Reads the part of the payload that is available. Returns whether the payload is complete. */
    boolean accept(ByteBuf in) {
        int count = Math.min(in.readableBytes(), octets.length - read);
        in.readBytes(octets, read, count);
        read += count;
        return read == octets.length;
    }

    /** Unmasks the complete payload and returns it. May be called once for each frame. */
    byte[] unmasked(int key) {
        for (int i = 0; i < octets.length; i++) {
            octets[i] ^= (byte) (key >>> (24 - 8 * (i & 3)));
        }
        return octets;
    }

    /**
     * Returns the status code of a Close frame's payload.
     *
     * @throws ProtocolViolation if an endpoint must not send the code, or if the reason is not UTF-8
     */
    static int closeCode(byte[] payload) {
        if (payload.length == 0) {
            return CloseCode.NO_STATUS;
        }
        if (payload.length == 1) {
            throw ProtocolViolation.protocolError(
                    "a Close frame is empty or starts with a 2-byte code (RFC 6455 5.5.1)");
        }
        int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
        if (!CloseCode.isValid(code)) {
            throw ProtocolViolation.protocolError(
                    "a Close frame must not hold a reserved or undefined code (RFC 6455 7.4)");
        }
        if (!isUtf8(Arrays.copyOfRange(payload, 2, payload.length))) {
            throw ProtocolViolation.invalidPayload("the reason of a Close frame must be UTF-8 (RFC 6455 5.5.1)");
        }
        return code;
    }

    private static boolean isUtf8(byte[] bytes) {
        // An invalid sequence decodes to U+FFFD, which does not encode back to it.
        return Arrays.equals(bytes, new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    }
}
