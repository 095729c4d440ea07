package dev.resound.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One WebSocket: the same frame again and again on the way out, its echoes on the way in. */
final class Connection {

    private static final byte[] CLOSE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xE8};

    private final ByteBuffer frames;
    private final int frameSize;
    private final Output output;
    private final EchoReader reader;
    private final Times times = new Times();

    /** Octets that are to be written, and where in the frame they begin. */
    private long due;

    private int offset;
    private boolean closing;
    private boolean ended;

    /** @param frames of the message; may be shared among the connections of one thread */
    Connection(Message message, ByteBuffer frames, Output output) {
        this.frames = frames;
        this.frameSize = message.frameSize();
        this.output = output;
        this.reader = new EchoReader(message);
    }

    /** Sends messages, now or as soon as the output takes them, and notes the time for their echoes. */
    void send(int messages, long time) throws IOException {
        for (int i = 0; i < messages; i++) {
            times.add(time);
        }
        boolean waiting = due > 0;
        due += (long) messages * frameSize;
        if (!waiting) {
            flush();
        }
    }

    /** Writes what is due. */
    void flush() throws IOException {
        while (due > 0) {
            int octets = (int) Math.min(due, frames.capacity() - offset);
            output.write(frames.clear().position(offset).limit(offset + octets));
            int written = octets - frames.remaining();
            due -= written;
            offset = (offset + written) % frameSize;
            if (written < octets) {
                return;
            }
        }
    }

    /**
     * Reads frames.
     *
     * @return how many echoes they complete; for each of them, {@link #sent} has to be called
     */
    int received(ByteBuffer data) {
        return reader.read(data);
    }

    /** When the message of the next echo was sent. */
    long sent() {
        return times.remove();
    }

    /** Messages on their way. */
    int outstanding() {
        return times.size();
    }

    /** Sends a Close frame; nothing may be on its way. */
    void beginClose() throws IOException {
        closing = true;
        output.write(ByteBuffer.wrap(CLOSE));
    }

    boolean isClosing() {
        return closing;
    }

    /** Whether the server has sent a Close frame. */
    boolean isClosed() {
        return reader.isClosed();
    }

    /** The server has ended it. */
    void end() {
        ended = true;
        if (!closing) {
            throw new EchoFailure("the server closed a connection");
        }
    }

    boolean isEnded() {
        return ended;
    }

    /** Takes octets, perhaps not all of them at once; {@link #flush} is called when it takes more. */
    interface Output {

        void write(ByteBuffer data) throws IOException;
    }
}
