package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what one client sends, strictly and as it arrives (RFC 6455 section 5). A frame up to
 * the piece size is passed on whole, a larger one in the pieces that the reads bring, each of at least that size but the last: at most
 * one piece is held, so a frame or message of any size costs the same memory. Payloads are unmasked in the buffer that they came in
 * and are passed on from there; only what a read cut in two is copied.
 *
 * <p>For one connection and one thread.
 */
public final class FrameDecoder {

    private final FrameSink sink;
    private final int pieceSize;
    private final ByteBufAllocator allocator;
    private final FrameHeader header;
    private final DataFrame view = new DataFrame();
    private final Utf8Validator utf8 = new Utf8Validator();

    private boolean insideHeader = true;
    private boolean insideMessage;
    private boolean text;
    private boolean compressed;
    private boolean ended;
    private boolean suspended;

    /** The masking key as it applies to the next octet of payload. */
    private int key;
    /** Octets of the current payload that were not passed on yet. */
    private long remaining;

    private boolean firstPiece;
    /** Where the bytes of the current buffer begin that nobody needs any more. */
    private int front;
    /** The current buffer was not decoded to its end, and comes once more. */
    private boolean unfinished;
    /** The piece of a data frame that a read cut in two. */
    private @Nullable ByteBuf partial;

    private final ControlPayload control = new ControlPayload();

    /**
     * @param sink is told of every frame
     * @param pieceSize bytes of payload; frames up to it are passed on whole, and what is less of a larger one waits for more
     * @param maxFrameSize the largest payload of a data frame in bytes; 0 for no limit
     * @param allocator for what a read cut in two
     */
    public FrameDecoder(FrameSink sink, int pieceSize, long maxFrameSize, ByteBufAllocator allocator) {
        this.sink = sink;
        this.pieceSize = pieceSize;
        this.allocator = allocator;
        this.header = new FrameHeader(maxFrameSize);
    }

    /** Has messages compressed from now on, where the client says so: permessage-deflate was negotiated. */
    public void allowCompression() {
        header.allowCompression();
    }

    /**
     * Decodes all that is readable and changes it in place; what follows a Close frame is ignored (section 5.5.1). What is
     * still readable after the call is for the next one, once the decoder is {@linkplain #resume resumed}.
     *
     * @param in stays the caller's to release; what the sink wants to keep it retains. What lies in front of its reader index may
     *     be written over
     * @throws ProtocolViolation at the first octet that breaks a rule; frames before it have been passed on, and the decoder
     *     decodes no more
     */
    public void decode(ByteBuf in) {
        front = unfinished ? in.readerIndex() : 0;
        try {
            while (!ended && !suspended && in.isReadable()) {
                if (insideHeader) {
                    readHeader(in);
                } else if (header.opcode().isControl()) {
                    readControl(in);
                } else {
                    readData(in);
                }
            }
        } catch (ProtocolViolation violation) {
            release();
            throw violation;
        } finally {
            view.clear();
            unfinished = in.isReadable();
        }
    }

    /** Decodes no more until it is resumed; the sink may ask for it, and is told of nothing more then. */
    public void suspend() {
        suspended = true;
    }

    /** Ends {@link #suspend}; the caller decodes what it has left. */
    public void resume() {
        suspended = false;
    }

    /** Whether {@link #decode} does nothing for now. */
    public boolean isSuspended() {
        return suspended && !ended;
    }

    /** Ends the decoder and gives back what it holds; may be called at any time and more than once. */
    public void release() {
        ended = true;
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }

    private void readHeader(ByteBuf in) {
        if (header.acceptWhole(in, insideMessage)) {
            beginPayload(in);
            return;
        }
        while (in.isReadable()) {
            if (header.accept(in.readByte() & 0xFF, insideMessage)) {
                beginPayload(in);
                return;
            }
        }
    }

    private void beginPayload(ByteBuf in) {
        insideHeader = false;
        key = header.maskingKey();
        remaining = header.length();
        if (header.opcode().isControl()) {
            control.begin((int) remaining);
            if (remaining == 0) {
                endControl();
            }
            return;
        }
        if (header.opcode() != Opcode.CONTINUATION) {
            text = header.opcode() == Opcode.TEXT;
            compressed = header.compressed();
        }
        firstPiece = true;
        if (remaining == 0) {
            passOn(in, in.readerIndex(), 0, in.readerIndex() - front);
            front = in.readerIndex();
        }
    }

    private void readData(ByteBuf in) {
        int piece = (int) Math.min(remaining, pieceSize);
        if (partial == null && in.readableBytes() >= piece) {
            int index = in.readerIndex();
            int octets = (int) Math.min(remaining, in.readableBytes());
            in.skipBytes(octets);
            unmask(in, index, octets);
            int headroom = index - front;
            front = in.readerIndex();
            passOn(in, index, octets, headroom);
        } else {
            collect(in, piece);
        }
    }

    /** Copies what a read has cut in two. */
    private void collect(ByteBuf in, int piece) {
        ByteBuf held = partial;
        if (held == null) {
            held = allocator.ioBuffer(DataFrame.HEADROOM + piece).setIndex(DataFrame.HEADROOM, DataFrame.HEADROOM);
            partial = held;
        }
        int index = held.writerIndex();
        int octets = Math.min(in.readableBytes(), piece - held.readableBytes());
        held.writeBytes(in, octets);
        unmask(held, index, octets);
        if (held.readableBytes() == piece) {
            partial = null;
            try {
                passOn(held, DataFrame.HEADROOM, piece, DataFrame.HEADROOM);
            } finally {
                held.release();
            }
        }
    }

    private void unmask(ByteBuf bytes, int index, int octets) {
        long seen = Mask.apply(key, bytes, index, octets);
        key = Mask.rotate(key, octets);
        if (text && !compressed) {
            utf8.check(bytes, index, octets, seen);
        }
    }

    private void passOn(ByteBuf bytes, int index, int octets, int headroom) {
        remaining -= octets;
        boolean endOfFrame = remaining == 0;
        boolean endOfMessage = endOfFrame && header.fin();
        if (endOfMessage && text && !compressed) {
            utf8.checkEnd();
        }
        Opcode opcode = firstPiece ? header.opcode() : Opcode.CONTINUATION;
        view.set(opcode, endOfMessage, text, compressed).payload(bytes, index, octets, headroom);
        firstPiece = false;
        if (endOfFrame) {
            insideMessage = !header.fin();
            endFrame();
        }
        sink.onData(view);
    }

    private void readControl(ByteBuf in) {
        if (control.accept(in)) {
            endControl();
        }
    }

    private void endControl() {
        byte[] payload = control.unmasked(key);
        endFrame();
        switch (header.opcode()) {
            case PING -> sink.onPing(payload);
            case PONG -> sink.onPong(payload);
            default -> {
                int code = ControlPayload.closeCode(payload);
                ended = true;
                sink.onClose(code, payload);
            }
        }
    }

    private void endFrame() {
        insideHeader = true;
        header.reset();
    }
}
