package dev.resound.bench.load;

import java.nio.ByteBuffer;

/** The message of a case, as it is sent and as it has to come back. */
final class Message {

    /** Any key but zero: unmasking costs the same for all. */
    private static final byte[] KEY = {0x5A, 0x17, (byte) 0xC3, 0x6E};

    /** The most that is handed to the kernel at once, unless one frame alone is larger. */
    private static final int BURST = 1 << 18;

    private final Content content;
    /** As it is sent: compressed, if it is. */
    private final byte[] payload;

    private final boolean compressed;
    private final ByteBuffer expected;

    Message(Content content, int size, boolean compressed) {
        byte[] plain = content.payload(size);
        this.content = content;
        this.payload = compressed ? Compression.deflate(plain) : plain;
        this.compressed = compressed;
        this.expected = ByteBuffer.allocateDirect(size).put(plain).flip();
    }

    int opcode() {
        return content.opcode;
    }

    /** Octets of its content. */
    int size() {
        return expected.capacity();
    }

    boolean isCompressed() {
        return compressed;
    }

    /** Octets of its frame. */
    int frameSize() {
        return headerSize() + payload.length;
    }

    /** Whether what is readable is the payload from there on. */
    boolean matches(ByteBuffer received, int from) {
        return received.equals(expected.slice(from, received.remaining()));
    }

    /** The masked frame, so many times as make sense to be written at once. */
    ByteBuffer frames(int most) {
        int count = Math.clamp(BURST / frameSize(), 1, most);
        var frames = ByteBuffer.allocateDirect(count * frameSize());
        for (int i = 0; i < count; i++) {
            putFrame(frames);
        }
        return frames.flip();
    }

    private int headerSize() {
        return KEY.length + (payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
    }

    private void putFrame(ByteBuffer out) {
        out.put((byte) ((compressed ? 0xC0 : 0x80) | opcode()));
        switch (headerSize() - KEY.length) {
            case 2 -> out.put((byte) (0x80 | payload.length));
            case 4 -> out.put((byte) (0x80 | 126)).putShort((short) payload.length);
            default -> out.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        out.put(KEY);
        for (int i = 0; i < payload.length; i++) {
            out.put((byte) (payload[i] ^ KEY[i & 3]));
        }
    }
}
