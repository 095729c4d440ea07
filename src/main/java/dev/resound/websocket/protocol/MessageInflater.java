package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates what one client sends compressed (RFC 7692 section 7.2.2), and passes it on in pieces as it comes out, so that no
 * message is held whole. What is not compressed passes through. For one thread.
 */
final class MessageInflater implements FrameSink {

    /** What a flush ends with, and the end of a message leaves out. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    /** One read of 64 KiB can inflate to 64 MiB, for which the event loop would serve nobody else. */
    private static final int TURN = 1024 * 1024;

    private final FrameSink next;
    private final DeflateParameters parameters;
    private final int pieceSize;
    private final Runnable pause;
    private final ByteBufAllocator allocator;
    private final DataFrame view = new DataFrame();
    private final Utf8Validator utf8 = new Utf8Validator();

    private @Nullable Inflater inflater;
    private ByteBuffer input = ByteBuffer.allocate(0);
    private boolean tailDue;
    private long sincePause;
    private boolean insideMessage;
    private long messageBytes;

    /** @param pause is asked after each mebibyte to let others have a turn */
    MessageInflater(
            FrameSink next, DeflateParameters parameters, int pieceSize, Runnable pause, ByteBufAllocator allocator) {
        this.pause = pause;
        this.next = next;
        this.parameters = parameters;
        this.pieceSize = pieceSize;
        this.allocator = allocator;
    }

    @Override
    public void onData(DataFrame frame) {
        if (!frame.isCompressed()) {
            next.onData(frame);
            return;
        }
        feed(frame.payload());
        tailDue = frame.endsMessage();
        while (inflatePiece(frame)) {}
        if (frame.endsMessage()) {
            endMessage();
        }
    }

    /** Inflates the next piece and passes it on; false where the input is used up. */
    private boolean inflatePiece(DataFrame frame) {
        int start = DataFrame.HEADROOM;
        ByteBuf piece = allocator.ioBuffer(start + pieceSize).setIndex(start, start);
        try {
            boolean full = fill(piece);
            boolean last = frame.endsMessage() && !full;
            if (piece.isReadable() || last) {
                passOn(piece, frame, last);
            }
            return full;
        } finally {
            piece.release();
        }
    }

    /** Returns whether the piece is full, so that there may be more. */
    private boolean fill(ByteBuf piece) {
        Inflater current = inflater();
        try {
            int room;
            int octets;
            do {
                room = pieceSize - piece.readableBytes();
                octets = current.inflate(piece.nioBuffer(piece.writerIndex(), room));
                piece.writerIndex(piece.writerIndex() + octets);
                if (current.finished()) {
                    // After a block with the BFINAL bit another stream follows in the same message (section 7.2.3.4).
                    current.reset();
                    current.setInput(input);
                }
                if (!input.hasRemaining() && tailDue) {
                    tailDue = false;
                    feed(ByteBuffer.wrap(TAIL));
                }
            } while (octets < room && (octets > 0 || input.hasRemaining()));
            return octets == room;
        } catch (DataFormatException broken) {
            throw ProtocolViolation.invalidPayload("a compressed message must be DEFLATE (RFC 7692 7.2.2)");
        }
    }

    private void passOn(ByteBuf piece, DataFrame frame, boolean last) {
        int octets = piece.readableBytes();
        messageBytes += octets;
        if (messageBytes > parameters.maxMessageBytes()) {
            throw ProtocolViolation.tooBig(
                    "a message inflates to at most " + parameters.maxMessageBytes() + " bytes here");
        }
        if (frame.isText()) {
            utf8.check(piece, piece.readerIndex(), octets);
            if (last) {
                utf8.checkEnd();
            }
        }
        sincePause += octets;
        if (sincePause >= TURN) {
            sincePause = 0;
            pause.run();
        }
        Opcode opcode = insideMessage ? Opcode.CONTINUATION : frame.isText() ? Opcode.TEXT : Opcode.BINARY;
        insideMessage = !last;
        next.onData(view.set(opcode, last, frame.isText(), true)
                .payload(piece, piece.readerIndex(), octets, DataFrame.HEADROOM));
    }

    private void feed(ByteBuffer more) {
        input = more;
        inflater().setInput(more);
    }

    private void endMessage() {
        messageBytes = 0;
        if (!parameters.clientContextTakeover()) {
            inflater().reset();
        }
    }

    private Inflater inflater() {
        Inflater current = inflater;
        if (current == null) {
            current = new Inflater(true);
            inflater = current;
        }
        return current;
    }

    /** Gives back the memory outside of the heap; the inflater is of no more use. */
    void release() {
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    @Override
    public void onPing(byte[] payload) {
        next.onPing(payload);
    }

    @Override
    public void onPong(byte[] payload) {
        next.onPong(payload);
    }

    @Override
    public void onClose(int code, byte[] payload) {
        next.onClose(code, payload);
    }
}
