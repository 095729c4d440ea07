package dev.resound.websocket;

import dev.resound.websocket.protocol.CoalescingWriter;
import dev.resound.websocket.protocol.DataFrame;
import dev.resound.websocket.protocol.FrameDecoder;
import dev.resound.websocket.protocol.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what was read, and holds the rest of it while it is suspended, because the peer does not take what is due to it: one
 * read brings thousands of pings, and each pong is an object of its own.
 *
 * <p>For one connection and one thread.
 */
final class Intake {

    /** A read of up to so many bytes is copied rather than held. */
    private static final int SMALL = 512;

    private static final int GATHERED = DataFrame.HEADROOM + 4 * 1024;

    private final FrameDecoder decoder;
    private final CoalescingWriter run;
    private final Consumer<ProtocolViolation> onViolation;
    private final Deque<ByteBuf> held = new ArrayDeque<>(2);
    /** The last of those that are held, where small reads are gathered in it. */
    private @Nullable ByteBuf gathering;

    /**
     * For one connection.
     *
     * @param run what the decoder's sink writes of a read is handed on at the end of that
     * @param onViolation is called once, when nothing is decoded any more
     */
    Intake(FrameDecoder decoder, CoalescingWriter run, Consumer<ProtocolViolation> onViolation) {
        this.decoder = decoder;
        this.run = run;
        this.onViolation = onViolation;
    }

    /** Takes over what one read has brought. */
    void add(ByteBuf bytes) {
        if (decoder.isSuspended() && !held.isEmpty() && bytes.readableBytes() <= SMALL) {
            gather(bytes);
        } else {
            gathering = null;
            held.add(bytes);
            decode();
        }
    }

    /** TLS makes a buffer of each record, and a record may hold one byte: a thousand of them would be a thousand objects. */
    private void gather(ByteBuf bytes) {
        ByteBuf last = gathering;
        if (last == null || last.writableBytes() < bytes.readableBytes()) {
            last = bytes.alloc().ioBuffer(GATHERED, GATHERED).setIndex(DataFrame.HEADROOM, DataFrame.HEADROOM);
            gathering = last;
            held.add(last);
        }
        last.writeBytes(bytes);
        bytes.release();
    }

    /** Bytes that are held. */
    long heldBytes() {
        long bytes = 0;
        for (ByteBuf each : held) {
            bytes += each.readableBytes();
        }
        return bytes;
    }

    boolean isSuspended() {
        return decoder.isSuspended();
    }

    /** Decodes no more, from the next frame on. */
    void suspend() {
        decoder.suspend();
    }

    /** Goes on with what is held. */
    void resume() {
        decoder.resume();
        decode();
    }

    private void decode() {
        try {
            for (ByteBuf bytes = held.peek(); bytes != null && !decoder.isSuspended(); bytes = held.peek()) {
                decode(bytes);
            }
        } catch (ProtocolViolation violation) {
            release();
            onViolation.accept(violation);
        }
    }

    private void decode(ByteBuf bytes) {
        decoder.decode(bytes);
        boolean leftOver = bytes.isReadable();
        if (leftOver) {
            run.flushSlice();
        } else {
            run.flushOwned();
        }
        if (!leftOver || !decoder.isSuspended()) {
            held.remove().release();
            if (held.isEmpty()) {
                gathering = null;
            }
        }
    }

    /** From now on nothing is decoded: all that comes is dropped. */
    void stop() {
        decoder.release();
    }

    /** As {@link #stop}, and what is held is dropped too. */
    void release() {
        decoder.release();
        gathering = null;
        while (!held.isEmpty()) {
            held.remove().release();
        }
    }
}
