package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A text message of our own that goes to many connections of one event loop: encoded once, in one frame. */
public final class SharedMessage implements AutoCloseable {

    private final ByteBuf frame;
    private final int length;

    private SharedMessage(ByteBuf frame, int length) {
        this.frame = frame;
        this.length = length;
    }

    /** @param utf8 the text */
    public static SharedMessage text(byte[] utf8) {
        int header = FrameEncoder.headerLength(utf8.length);
        ByteBuf frame = Unpooled.directBuffer(header + utf8.length);
        FrameEncoder.setHeader(frame, 0, FrameHeader.FIN | Opcode.TEXT.bits(), utf8.length);
        return new SharedMessage(frame.writerIndex(header).writeBytes(utf8), utf8.length);
    }

    /** The whole frame, to be written and released by one connection. */
    public ByteBuf frame() {
        return frame.retainedDuplicate();
    }

    /** Bytes of payload. */
    public int length() {
        return length;
    }

    /** No connection is added any more; the memory goes when the last one has written its own. */
    @Override
    public void close() {
        frame.release();
    }
}
