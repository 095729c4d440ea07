package dev.resound.bench.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Reads the frames of one connection and holds them against the message that was sent: opcode and length of every message,
 * and every octet of the first ones and of a sample.
 */
final class EchoReader {

    /** One message in so many is compared; comparing all would make 1 MiB a burden to the generator. */
    private static final int SAMPLE = 64;

    private static final int CONTINUATION = 0;
    private static final int CLOSE = 8;

    private final Message message;

    private boolean insidePayload;
    private int headerOctets;
    private int lengthOctets;
    private int first;
    private long remaining;

    private boolean insideMessage;
    private int received;
    /** The message is compressed, and so far this has come of it, if it is in the sample. */
    private boolean compressed;

    private final ByteArrayOutputStream deflated = new ByteArrayOutputStream();
    private long messages;
    private boolean closed;

    EchoReader(Message message) {
        this.message = message;
    }

    /** Whether a Close frame has come. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Reads all that is there.
     *
     * @return how many messages it completes
     */
    int read(ByteBuffer in) {
        int completed = 0;
        while (in.hasRemaining() && !closed) {
            if (!insidePayload) {
                readHeader(in.get() & 0xFF);
            } else {
                readPayload(in);
            }
            if (insidePayload && remaining == 0) {
                insidePayload = false;
                completed += endFrame();
            }
        }
        return completed;
    }

    private void readHeader(int octet) {
        switch (headerOctets++) {
            case 0 -> first = octet;
            case 1 -> {
                lengthOctets = octet < 126 ? 0 : octet == 126 ? 2 : 8;
                remaining = lengthOctets == 0 ? octet : 0;
                check(octet < 128, "a masked frame");
            }
            default -> remaining = remaining << 8 | octet;
        }
        if (headerOctets == 2 + lengthOctets) {
            headerOctets = 0;
            insidePayload = true;
            if (!isControl()) {
                beginData();
            }
        }
    }

    private void beginData() {
        int opcode = first & 0x0F;
        check((first & 0x70 & (message.isCompressed() && !insideMessage ? ~0x40 : ~0)) == 0, "reserved bits");
        compressed = insideMessage ? compressed : (first & 0x40) != 0;
        check(opcode == (insideMessage ? CONTINUATION : message.opcode()), "an echo with the opcode " + opcode);
        insideMessage = true;
        check(compressed || remaining <= message.size() - received, "an echo that is longer than what was sent");
    }

    private void readPayload(ByteBuffer in) {
        int octets = (int) Math.min(remaining, in.remaining());
        if (!isControl()) {
            if (messages % SAMPLE == 0) {
                compare(in.slice(in.position(), octets));
            }
            received += octets;
        }
        remaining -= octets;
        in.position(in.position() + octets);
    }

    private void compare(ByteBuffer part) {
        if (compressed) {
            byte[] octets = new byte[part.remaining()];
            part.get(octets);
            deflated.writeBytes(octets);
        } else {
            check(message.matches(part, received), "an echo with another content");
        }
    }

    private int endFrame() {
        if (isControl()) {
            // A ping stays without its pong: no run lasts for long enough, and every frame is a sign of life.
            closed = (first & 0x0F) == CLOSE;
            return 0;
        }
        if ((first & 0x80) == 0) {
            return 0;
        }
        if (compressed && messages % SAMPLE == 0) {
            byte[] content = Compression.inflate(deflated.toByteArray(), message.size());
            check(message.matches(ByteBuffer.wrap(content), 0), "an echo with another content");
            deflated.reset();
        }
        check(compressed || received == message.size(), "an echo that is shorter than what was sent");
        insideMessage = false;
        received = 0;
        messages++;
        return 1;
    }

    private boolean isControl() {
        return (first & 0x08) != 0;
    }

    private void check(boolean right, String what) {
        if (!right) {
            throw new EchoFailure("the server sent " + what + " after " + messages + " messages of a connection");
        }
    }
}
