package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The payload of a control frame while it comes: at most 125 octets, so it is held whole (RFC 6455 section 5.5). */
final class ControlPayload {

    private byte[] octets = new byte[0];
    private int read;

    /** Another frame begins. */
    void begin(int length) {
        octets = new byte[length];
        read = 0;
    }

    /** Takes what there is of it; returns whether it is complete. */
    boolean accept(ByteBuf in) {
        int count = Math.min(in.readableBytes(), octets.length - read);
        in.readBytes(octets, read, count);
        read += count;
        return read == octets.length;
    }

    /** The complete payload; may be asked for once. */
    byte[] unmasked(int key) {
        for (int i = 0; i < octets.length; i++) {
            octets[i] ^= (byte) (key >>> (24 - 8 * (i & 3)));
        }
        return octets;
    }

    /**
     * The code that the payload of a Close frame begins with.
     *
     * @throws ProtocolViolation if it is none that an endpoint may send, or if the reason is not UTF-8
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
