package dev.resound.websocket.protocol;

import org.jspecify.annotations.Nullable;

/** The opcode of a frame (RFC 6455 section 5.2). */
public enum Opcode {
    CONTINUATION(0x0),
    TEXT(0x1),
    BINARY(0x2),
    CLOSE(0x8),
    PING(0x9),
    PONG(0xA);

    private static final @Nullable Opcode[] BY_BITS = new @Nullable Opcode[16];

    static {
        for (Opcode opcode : values()) {
            BY_BITS[opcode.bits] = opcode;
        }
    }

    private final int bits;

    Opcode(int bits) {
        this.bits = bits;
    }

    /** Returns the opcode with these four bits; null if they are reserved. */
    static @Nullable Opcode of(int bits) {
        return BY_BITS[bits];
    }

    int bits() {
        return bits;
    }

    /** Control frames have the most significant bit of the opcode set (section 5.5). */
    boolean isControl() {
        return (bits & 0x8) != 0;
    }
}
