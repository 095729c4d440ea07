package dev.resound.websocket.netty;

import dev.resound.websocket.protocol.DataFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Allocates the buffers for socket reads. Each has headroom for the header of the echo, because a read may start inside
 * a frame. The size follows what the peer sends, because on io_uring even an idle socket holds a buffer.
 */
public final class HeadroomAllocator extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final RecvByteBufAllocator INSTANCE = new HeadroomAllocator();

    private static final int MIN_SIZE = 128;
    private static final int FIRST_SIZE = 1024;
    private static final int MAX_SIZE = 64 * 1024;
    private static final int GROWTH = 8;
    /** The maximum while direct memory is short. */
    private static final int MAX_SIZE_WHEN_SHORT = 2 * 1024;

    private HeadroomAllocator() {}

    /** Makes a socket use this allocator. Call it before the first read. */
    public static void use(Channel socket) {
        socket.config().setRecvByteBufAllocator(INSTANCE);
    }

    @Override
    @SuppressWarnings("deprecation") // Required by the interface; the returned handle also implements the replacement.
    public Handle newHandle() {
        return new Sizes();
    }

    private final class Sizes extends MaxMessageHandle {
        private int size = FIRST_SIZE;
        private boolean small;

        @Override
        public int guess() {
            if (size > MAX_SIZE_WHEN_SHORT && DirectMemory.isShort()) {
                size = MAX_SIZE_WHEN_SHORT;
            }
            return DataFrame.HEADROOM + size;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            int capacity = guess();
            return allocator.ioBuffer(capacity, capacity).setIndex(DataFrame.HEADROOM, DataFrame.HEADROOM);
        }

        /** Stops after 64 KiB, so that other connections are read from. */
        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return totalBytesRead() < MAX_SIZE && super.continueReading(maybeMoreData);
        }

        /**
         * Grows after a read that fills its buffer. Shrinks after the second read in a row that fills at most a quarter
         * of it.
         */
        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes >= size) {
                size = Math.min(size * GROWTH, MAX_SIZE);
                small = false;
            } else if (bytes <= size / 4 && bytes > 0) {
                if (small && size > MIN_SIZE) {
                    size = Math.max(size / 2, MIN_SIZE);
                }
                small = !small;
            } else {
                small = false;
            }
        }
    }
}
