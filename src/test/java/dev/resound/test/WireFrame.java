package dev.resound.test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A frame as bits (RFC 6455 section 5.2), good or bad: what {@link WireClient} sends, masked unless told otherwise, and what it
 * receives.
 */
public final class WireFrame {

    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    private static final int SOME_KEY = 0x37FA213D;

    private final int opcode;
    private final byte[] payload;
    private boolean fin = true;
    private int reserved;
    private boolean masked = true;
    private int key = SOME_KEY;
    private int lengthBits;

    private WireFrame(int opcode, byte[] payload) {
        this.opcode = opcode;
        this.payload = payload;
    }

    public static WireFrame frame(int opcode, byte[] payload) {
        return new WireFrame(opcode, payload);
    }

    public static WireFrame text(String text) {
        return frame(TEXT, utf8(text));
    }

    public static WireFrame text(byte[] payload) {
        return frame(TEXT, payload);
    }

    public static WireFrame binary(byte[] payload) {
        return frame(BINARY, payload);
    }

    public static WireFrame continuation(String text) {
        return frame(CONTINUATION, utf8(text));
    }

    public static WireFrame continuation(byte[] payload) {
        return frame(CONTINUATION, payload);
    }

    public static WireFrame ping(String text) {
        return frame(PING, utf8(text));
    }

    public static WireFrame pong(String text) {
        return frame(PONG, utf8(text));
    }

    /** A Close frame without code and reason. */
    public static WireFrame close() {
        return frame(CLOSE, new byte[0]);
    }

    public static WireFrame close(int code) {
        return close(code, "");
    }

    public static WireFrame close(int code, String reason) {
        byte[] text = utf8(reason);
        return frame(
                CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    /** More is to come of its message. */
    public WireFrame unfinished() {
        return fin(false);
    }

    public WireFrame fin(boolean set) {
        fin = set;
        return this;
    }

    /**
     * With reserved bits set.
     *
     * @param bits RSV1 is 4, RSV2 is 2, RSV3 is 1
     */
    public WireFrame reserved(int bits) {
        reserved = bits;
        return this;
    }

    public WireFrame unmasked() {
        masked = false;
        return this;
    }

    public WireFrame maskedWith(int maskingKey) {
        key = maskingKey;
        return this;
    }

    /**
     * With the length in this form, even if a shorter one would do.
     *
     * @param bits 7, 16 or 64
     */
    public WireFrame lengthIn(int bits) {
        lengthBits = bits;
        return this;
    }

    public boolean fin() {
        return fin;
    }

    public int opcode() {
        return opcode;
    }

    public boolean isControl() {
        return opcode >= CLOSE;
    }

    public byte[] payload() {
        return payload;
    }

    /** The code of a Close frame, 1005 where it has none. */
    public int closeCode() {
        return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    }

    /** The reason of a Close frame. */
    public String closeReason() {
        return payload.length < 2 ? "" : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }

    /** The frame as it goes over the wire. */
    public byte[] bytes() {
        byte[] header = header(payload.length);
        byte[] all = Arrays.copyOf(header, header.length + payload.length);
        for (int i = 0; i < payload.length; i++) {
            all[header.length + i] = (byte) (masked ? payload[i] ^ key >>> (24 - 8 * (i & 3)) : payload[i]);
        }
        return all;
    }

    /** The header alone, which announces so many bytes of payload. */
    public byte[] header(long length) {
        int bits = lengthBits != 0 ? lengthBits : length <= 125 ? 7 : length <= 0xFFFF ? 16 : 64;
        var out = new ByteArrayOutputStream();
        out.write((fin ? 0x80 : 0) | reserved << 4 | opcode);
        int mask = masked ? 0x80 : 0;
        out.write(mask | (bits == 7 ? (int) length : bits == 16 ? 126 : 127));
        for (int shift = bits == 7 ? -1 : bits - 8; shift >= 0; shift -= 8) {
            out.write((int) (length >>> shift));
        }
        if (masked) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(key).array());
        }
        return out.toByteArray();
    }

    /** Frames that say the same; how a frame is masked is not a part of it. */
    @Override
    public boolean equals(Object other) {
        return other instanceof WireFrame frame
                && fin == frame.fin
                && reserved == frame.reserved
                && opcode == frame.opcode
                && Arrays.equals(payload, frame.payload);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(payload) * 31 + opcode;
    }

    @Override
    public String toString() {
        String name = switch (opcode) {
            case CONTINUATION -> "CONTINUATION";
            case TEXT -> "TEXT";
            case BINARY -> "BINARY";
            case CLOSE -> "CLOSE " + closeCode() + " '" + closeReason() + "'";
            case PING -> "PING";
            case PONG -> "PONG";
            default -> "OPCODE " + opcode;
        };
        String start = new String(payload, 0, Math.min(payload.length, 40), StandardCharsets.UTF_8);
        return "%s%s rsv=%d %d bytes '%s'".formatted(name, fin ? "" : " ...", reserved, payload.length, start);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
