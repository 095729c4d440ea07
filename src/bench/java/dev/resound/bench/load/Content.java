package dev.resound.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What a message is made of. */
public enum Content {
    BINARY(2),
    /** Text, all of it ASCII. */
    TEXT(1),
    /** Text with a character of two, one of three and one of four bytes in each dozen of bytes. */
    UTF8(1);

    private static final byte[] DOZEN = "aé€😀bc".getBytes(StandardCharsets.UTF_8);

    final int opcode;

    Content(int opcode) {
        this.opcode = opcode;
    }

    /** The payload of a message; always the same for the same size. */
    byte[] payload(int size) {
        byte[] payload = new byte[size];
        new Random(size).nextBytes(payload);
        switch (this) {
            case BINARY -> {}
            case TEXT -> {
                for (int i = 0; i < size; i++) {
                    payload[i] = (byte) (' ' + (payload[i] & 63));
                }
            }
            case UTF8 -> {
                for (int i = 0; i < size; i++) {
                    // What is left at the end is no whole dozen.
                    payload[i] = i < size - size % DOZEN.length ? DOZEN[i % DOZEN.length] : (byte) 'x';
                }
            }
        }
        return payload;
    }
}
