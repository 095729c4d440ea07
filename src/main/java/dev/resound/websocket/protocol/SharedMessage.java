package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A text message of the service for many connections of one event loop. It is encoded once, as one frame. */
public final class SharedMessage implements AutoCloseable {

    private final ByteBuf frame;
    private final int length;

    private SharedMessage(ByteBuf frame, int length) {
        this.frame = frame;
        this.length = length;
    }

    /** @param utf8 the text, encoded in UTF-8 */
    public static SharedMessage text(byte[] utf8) {
        int header = FrameEncoder.headerLength(utf8.length);
        ByteBuf frame = Unpooled.directBuffer(header + utf8.length);
        FrameEncoder.setHeader(frame, 0, FrameHeader.FIN | Opcode.TEXT.bits(), utf8.length);
        return new SharedMessage(frame.writerIndex(header).writeBytes(utf8), utf8.length);
    }

    /** Returns the whole frame, for one connection to write and release. */
    public ByteBuf frame() {
        return frame.retainedDuplicate();
    }

    /** The length of the payload in bytes. */
    public int length() {
        return length;
    }

    /** Releases this message. Its memory is freed when the last connection has written it. */
    @Override
    public void close() {
        frame.release();
    }
}
