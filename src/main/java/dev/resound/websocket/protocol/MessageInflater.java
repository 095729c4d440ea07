package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the compressed messages of one client (RFC 7692 section 7.2.2), piece by piece, so that each step takes the
 * memory and time of one piece only: a message of 16 KB may inflate to 16 MiB. Not thread-safe.
 */
final class MessageInflater {

    /** The bytes that end a flush. The sender removes them at the end of a message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    /** The limit of DEFLATE streams to inflate for one piece: an empty stream takes only two bytes. */
    private static final int MAX_STREAMS = 16;

    private final DeflateParameters parameters;
    private final CompressorPool pool;
    private final int pieceSize;
    private final ByteBufAllocator allocator;
    private final Consumer<DataFrame> sink;
    private final DataFrame view = new DataFrame();
    private final Utf8Validator utf8 = new Utf8Validator();

    /** With context takeover from the first message on, otherwise while a message is in progress. */
    private @Nullable Inflater inflater;

    private ByteBuffer input = ByteBuffer.allocate(0);
    /** The buffer that contains the input; null once it is used up. */
    private @Nullable ByteBuf source;

    private boolean text;
    private boolean endsMessage;
    private boolean tailDue;
    private boolean insideMessage;
    private long messageBytes;

    /** @param sink receives the pieces; each is valid only during the call */
    MessageInflater(Compression compression, int pieceSize, ByteBufAllocator allocator, Consumer<DataFrame> sink) {
        this.parameters = compression.parameters();
        this.pool = compression.pool();
        this.pieceSize = pieceSize;
        this.allocator = allocator;
        this.sink = sink;
    }

    /** Sets the next frame of a compressed message as input; the previous one must be used up. */
    void feed(DataFrame frame) {
        source = frame.buffer().retain();
        text = frame.isText();
        endsMessage = frame.endsMessage();
        tailDue = endsMessage;
        feed(frame.payload());
    }

    /** Whether {@link #inflate} has more to do. */
    boolean hasInput() {
        return source != null;
    }

    /**
     * Inflates the next piece and passes it on as a frame that is marked as compressed.
     *
     * @return bytes of the piece
     * @throws ProtocolViolation if the input is not DEFLATE, a text message is not UTF-8, or the message is too large
     */
    int inflate() {
        int start = DataFrame.HEADROOM;
        ByteBuf piece = allocator.ioBuffer(start + pieceSize).setIndex(start, start);
        try {
            boolean full = fill(piece);
            boolean last = endsMessage && !full;
            if (!full) {
                releaseSource();
            }
            int octets = piece.readableBytes();
            if (octets > 0 || last) {
                passOn(piece, last);
            }
            if (last) {
                endMessage();
            }
            return octets;
        } finally {
            piece.release();
        }
    }

    /** Fills the piece. Returns whether there may be more. */
    private boolean fill(ByteBuf piece) {
        Inflater current = inflater();
        int streams = 0;
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
                    if (++streams == MAX_STREAMS) {
                        return true;
                    }
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

    private void passOn(ByteBuf piece, boolean last) {
        int octets = piece.readableBytes();
        messageBytes += octets;
        if (messageBytes > parameters.maxMessageBytes()) {
            throw ProtocolViolation.tooBig(
                    "a message inflates to at most " + parameters.maxMessageBytes() + " bytes here");
        }
        if (text) {
            utf8.check(piece, piece.readerIndex(), octets);
            if (last) {
                utf8.checkEnd();
            }
        }
        Opcode opcode = insideMessage ? Opcode.CONTINUATION : text ? Opcode.TEXT : Opcode.BINARY;
        insideMessage = !last;
        sink.accept(view.set(opcode, last, text, true).payload(piece, piece.readerIndex(), octets, DataFrame.HEADROOM));
    }

    private void feed(ByteBuffer more) {
        input = more;
        inflater().setInput(more);
    }

    private void endMessage() {
        messageBytes = 0;
        if (!parameters.clientContextTakeover()) {
            releaseInflater();
        }
    }

    private Inflater inflater() {
        Inflater current = inflater;
        if (current == null) {
            current = pool.inflater();
            inflater = current;
        }
        return current;
    }

    private void releaseSource() {
        if (source != null) {
            source.release();
            source = null;
        }
    }

    private void releaseInflater() {
        if (inflater != null) {
            pool.free(inflater);
            inflater = null;
        }
    }

    /** Releases the off-heap memory. This inflater must not be used afterwards. */
    void release() {
        releaseSource();
        releaseInflater();
    }
}
