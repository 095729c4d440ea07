package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Queues the inputs of one connection until they are processed, in the order in which they arrived. */
final class InboundQueue {

    /** Inputs other than bytes. */
    enum Event {
        END_OF_INPUT,
        DRAIN
    }

    /** Reads of up to this many bytes are copied into one buffer while they wait. */
    private static final int SMALL = 512;

    private static final int GATHERED = DataFrame.HEADROOM + 4 * 1024;

    /** The oldest input, a {@link ByteBuf} or an {@link Event}. Usually it is the only one. */
    private @Nullable Object first;
    /** The inputs after the first. An idle connection needs no queue: 56 bytes less. */
    private @Nullable Deque<Object> others;
    /** The last of the inputs, if small reads are copied into it. */
    private @Nullable ByteBuf gathering;

    /** Adds the bytes of one read and takes ownership of the buffer. */
    void add(ByteBuf bytes) {
        if (bytes.readableBytes() <= SMALL && !isEmpty()) {
            gather(bytes);
        } else {
            gathering = null;
            append(bytes);
        }
    }

    /**
     * Copies small reads into one buffer. TLS allocates a buffer for each record, and a record may hold a single byte,
     * so a thousand such records would hold a thousand buffers.
     */
    private void gather(ByteBuf bytes) {
        ByteBuf last = gathering;
        if (last == null || last.writableBytes() < bytes.readableBytes()) {
            last = bytes.alloc().ioBuffer(GATHERED, GATHERED).setIndex(DataFrame.HEADROOM, DataFrame.HEADROOM);
            gathering = last;
            append(last);
        }
        last.writeBytes(bytes);
        bytes.release();
    }

    void add(Event event) {
        gathering = null;
        append(event);
    }

    private void append(Object input) {
        if (first == null) {
            first = input;
            return;
        }
        if (others == null) {
            others = new ArrayDeque<>(2);
        }
        others.add(input);
    }

    boolean isEmpty() {
        return first == null;
    }

    /** The oldest input; null if there is none. */
    @Nullable
    Object first() {
        return first;
    }

    void removeFirst() {
        Object removed = first;
        first = others == null ? null : others.poll();
        if (removed instanceof ByteBuf bytes) {
            bytes.release();
            if (isEmpty()) {
                gathering = null;
            }
        }
    }

    /** Bytes of input in the queue. */
    long bytes() {
        long bytes = bytesOf(first);
        if (others != null) {
            for (Object each : others) {
                bytes += bytesOf(each);
            }
        }
        return bytes;
    }

    private static long bytesOf(@Nullable Object input) {
        return input instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
    }

    void clear() {
        while (!isEmpty()) {
            removeFirst();
        }
    }
}
