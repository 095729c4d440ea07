package dev.resound.bench.load;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Compresses and decompresses messages of permessage-deflate that do not depend on each other (RFC 7692 section 7.2). */
final class Compression {

    /** The end of a flushed block, which is left out of messages. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private Compression() {}

    static byte[] deflate(byte[] content) {
        try (var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
            deflater.setInput(content);
            byte[] result = new byte[content.length + 64];
            int length = deflater.deflate(result, 0, result.length, Deflater.SYNC_FLUSH);
            return Arrays.copyOf(result, length - TAIL.length);
        }
    }

    /** @param size of the content; more is cut off */
    static byte[] inflate(byte[] payload, int size) {
        try (var inflater = new Inflater(true)) {
            byte[] input = Arrays.copyOf(payload, payload.length + TAIL.length);
            System.arraycopy(TAIL, 0, input, payload.length, TAIL.length);
            inflater.setInput(input);
            byte[] content = new byte[size];
            return Arrays.copyOf(content, inflater.inflate(content));
        } catch (DataFormatException e) {
            throw new EchoFailure("the server sent a message that cannot be decompressed");
        }
    }
}
