package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the frames of one client strictly and as the bytes arrive (RFC 6455 section 5). It passes on a frame of up to
 * the piece size whole, and a larger one as it arrives, in pieces of at least that size, except the last. It buffers at most one piece, so a frame or message of any size costs the same memory. It unmasks payloads in
 * the buffer that they arrived in and passes them on from there; it copies only a piece that is split between two
 * reads.
 *
 * <p>Not thread-safe; one per connection.
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

    /** The masking key, rotated so that it applies to the next octet of payload. */
    private int key;
    /** Octets of the current payload that have not been passed on. */
    private long remaining;

    private boolean firstPiece;
    /** The index in the current buffer from which bytes are no longer needed. */
    private int front;
    /** Whether the current buffer was not decoded to its end, so that the next call continues with it. */
    private boolean unfinished;
    /** The piece of a data frame that is split between reads. */
    private @Nullable ByteBuf partial;

    private final ControlPayload control = new ControlPayload();

    /**
     * @param sink receives every frame
     * @param pieceSize bytes of payload; frames of up to this size are passed on whole, larger ones in pieces of at
     *     least this size
     * @param maxFrameSize the largest payload of a data frame in bytes; 0 for no limit
     * @param allocator allocates buffers for pieces that are split between reads
     */
    public FrameDecoder(FrameSink sink, int pieceSize, long maxFrameSize, ByteBufAllocator allocator) {
        this.sink = sink;
        this.pieceSize = pieceSize;
        this.allocator = allocator;
        this.header = new FrameHeader(maxFrameSize);
    }

    /** From now on, accepts compressed messages, because permessage-deflate was negotiated. */
    public void allowCompression() {
        header.allowCompression();
    }

    /**
     * Decodes all readable bytes and unmasks them in place. Ignores bytes after a Close frame (section 5.5.1). Bytes
     * that are still readable after the call are for the next call, once the decoder is {@linkplain #resume resumed}.
     *
     * @param in remains the caller's to release; the sink retains what it keeps. Bytes in front of its reader index may
     *     be overwritten
     * @throws ProtocolViolation at the first octet that breaks a rule; earlier frames were passed on, and the decoder
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

    /** Stops decoding until {@link #resume}. The sink may call this, and then receives nothing more. */
    public void suspend() {
        suspended = true;
    }

    /** Ends {@link #suspend}; the caller then decodes the remaining bytes. */
    public void resume() {
        suspended = false;
    }

    /** Whether the decoder is suspended, so that {@link #decode} does nothing. */
    public boolean isSuspended() {
        return suspended && !ended;
    }

    /** Ends the decoder and releases its buffer. May be called at any time and more than once. */
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

    /** Collects a piece that is split between reads. */
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
