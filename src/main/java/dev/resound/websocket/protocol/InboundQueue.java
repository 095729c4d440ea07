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

    /** Each is a {@link ByteBuf} or an {@link Event}. */
    private final Deque<Object> inputs = new ArrayDeque<>(2);
    /** The last of the inputs, if small reads are copied into it. */
    private @Nullable ByteBuf gathering;

    /** Adds the bytes of one read and takes ownership of the buffer. */
    void add(ByteBuf bytes) {
        if (bytes.readableBytes() <= SMALL && !inputs.isEmpty()) {
            gather(bytes);
        } else {
            gathering = null;
            inputs.add(bytes);
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
            inputs.add(last);
        }
        last.writeBytes(bytes);
        bytes.release();
    }

    void add(Event event) {
        gathering = null;
        inputs.add(event);
    }

    boolean isEmpty() {
        return inputs.isEmpty();
    }

    /** The oldest input; null if there is none. */
    @Nullable
    Object first() {
        return inputs.peek();
    }

    void removeFirst() {
        Object removed = inputs.remove();
        if (removed instanceof ByteBuf bytes) {
            bytes.release();
            if (inputs.isEmpty()) {
                gathering = null;
            }
        }
    }

    /** Bytes of input in the queue. */
    long bytes() {
        long bytes = 0;
        for (Object each : inputs) {
            if (each instanceof ByteBuf buffer) {
                bytes += buffer.readableBytes();
            }
        }
        return bytes;
    }

    void clear() {
        while (!inputs.isEmpty()) {
            removeFirst();
        }
    }
}
