package dev.resound.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What a message is made of. */
public enum Content {
    BINARY(2),
    /** Text, all of it ASCII. */
    TEXT(1),
    /** Text as dashboards get it: an array of objects with the same members and other numbers. */
    JSON(1),
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
            case JSON -> {
                byte[] json = json(size, new Random(size)).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(json, 0, payload, 0, size);
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

    /** At least so many characters; what is beyond is cut off. */
    private static String json(int size, Random random) {
        var text = new StringBuilder("[");
        while (text.length() < size) {
            text.append("{\"sensor\":\"s")
                    .append(random.nextInt(1000))
                    .append("\",\"time\":17")
                    .append(random.nextInt(100_000_000))
                    .append(",\"value\":")
                    .append(random.nextInt(100_000) / 100.0)
                    .append(",\"unit\":\"kW\",\"ok\":true},");
        }
        return text.toString();
    }
}
