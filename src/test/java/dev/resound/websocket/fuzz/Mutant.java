package dev.resound.websocket.fuzz;

import dev.resound.test.Conversation;
import dev.resound.test.WireFrame;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** A valid conversation with damage to its frames, to its bytes, or none at all. */
final class Mutant {

    /** Valid codes of a Close frame. */
    private static final int[] CODES = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999};

    /** Octets that decoders tend to get wrong: lengths, first octets of frames, bounds of UTF-8. */
    private static final int[] EDGES = {
        0x00, 0x01, 0x7D, 0x7E, 0x7F, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8A, 0xBF, 0xC0, 0xC1, 0xC2, 0xE0, 0xED, 0xF0,
        0xF4, 0xF5, 0xFD, 0xFE, 0xFF
    };

    private final RandomGenerator random;

    Mutant(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Creates the frames of a client.
     *
     * @param mostSize the approximate maximum size of one message in bytes
     */
    byte[] frames(int mostMessages, int mostSize) {
        List<WireFrame> frames = Conversation.random(random, mostMessages, () -> size(mostSize));
        if (random.nextInt(4) > 0) {
            frames.add(random.nextInt(4) == 0 ? WireFrame.close() : close());
        }
        List<byte[]> wire = new ArrayList<>();
        boolean broken = random.nextInt(3) == 0;
        int victim = random.nextInt(frames.size());
        for (int i = 0; i < frames.size(); i++) {
            wire.add(
                    broken && i == victim
                            ? breakOne(frames.get(i))
                            : frames.get(i).bytes());
        }
        if (random.nextInt(3) == 0) {
            rearrange(wire);
        }
        var out = new ByteArrayOutputStream();
        wire.forEach(out::writeBytes);
        return bytes(out.toByteArray());
    }

    /** Damages bytes up to three times. */
    byte[] bytes(byte[] valid) {
        byte[] bytes = valid;
        for (int damages = random.nextInt(4); damages > 0; damages--) {
            bytes = damage(bytes);
        }
        return bytes;
    }

    private int size(int most) {
        return random.nextInt(4) == 0 ? random.nextInt(most + 1) : random.nextInt(Math.min(most, 40) + 1);
    }

    private WireFrame close() {
        String reason = "é".repeat(random.nextInt(8));
        return WireFrame.close(CODES[random.nextInt(CODES.length)], reason).maskedWith(random.nextInt());
    }

    /** Sets wrong bits in a header, or a wrong length. */
    private byte[] breakOne(WireFrame frame) {
        return switch (random.nextInt(8)) {
            case 0 -> frame.reserved(1 + random.nextInt(7)).bytes();
            case 1 -> frame.unmasked().bytes();
            case 2 -> frame.fin(!frame.fin()).bytes();
            case 3 -> frame.lengthIn(16).bytes();
            case 4 -> frame.lengthIn(64).bytes();
            case 5 -> WireFrame.frame(random.nextInt(16), frame.payload()).bytes();
            default -> withLength(frame, lie());
        };
    }

    private long lie() {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt(126);
            case 1 -> 126 + random.nextInt(400);
            case 2 -> 0xFFFF - 2 + random.nextInt(4);
            case 3 -> random.nextLong() >>> 1;
            case 4 -> random.nextLong();
            default -> 1L << random.nextInt(64);
        };
    }

    private static byte[] withLength(WireFrame frame, long length) {
        byte[] right = frame.bytes();
        int header = right.length - frame.payload().length;
        byte[] lie = (length < 0 ? frame.lengthIn(64) : frame).header(length);
        byte[] all = Arrays.copyOf(lie, lie.length + right.length - header);
        System.arraycopy(right, header, all, lie.length, right.length - header);
        return all;
    }

    private void rearrange(List<byte[]> wire) {
        int one = random.nextInt(wire.size());
        int other = random.nextInt(wire.size());
        switch (random.nextInt(3)) {
            case 0 -> wire.add(other, wire.get(one));
            case 1 -> wire.remove(one);
            default -> Collections.swap(wire, one, other);
        }
    }

    private byte[] damage(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {edge()};
        }
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + 1 + random.nextInt(random.nextBoolean() ? 4 : 300));
        return switch (random.nextInt(8)) {
            case 0 -> flipped(bytes, from, 1 << random.nextInt(8));
            case 1 -> flipped(bytes, from, bytes[from] ^ edge());
            case 2 -> joined(bytes, from, Conversation.bytes(random, 1 + random.nextInt(8)), from);
            case 3 -> joined(bytes, from, new byte[] {edge(), edge()}, from);
            case 4 -> joined(bytes, from, new byte[0], to);
            case 5 -> joined(bytes, to, Arrays.copyOfRange(bytes, from, to), to);
            case 6 -> Arrays.copyOf(bytes, from);
            default -> spliced(bytes, from);
        };
    }

    private byte edge() {
        return (byte) EDGES[random.nextInt(EDGES.length)];
    }

    private static byte[] flipped(byte[] bytes, int at, int bits) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) bits;
        return changed;
    }

    /** Returns the bytes up to one index, then other bytes, then the bytes from another index on. */
    private static byte[] joined(byte[] bytes, int head, byte[] others, int tail) {
        var out = new ByteArrayOutputStream();
        out.write(bytes, 0, head);
        out.writeBytes(others);
        out.write(bytes, tail, bytes.length - tail);
        return out.toByteArray();
    }

    /** Returns the beginning of one conversation and the end of another. */
    private byte[] spliced(byte[] bytes, int head) {
        byte[] other = Conversation.wire(Conversation.random(random, 3, () -> size(40)));
        int from = random.nextInt(other.length);
        return joined(bytes, head, Arrays.copyOfRange(other, from, other.length), bytes.length);
    }
}
