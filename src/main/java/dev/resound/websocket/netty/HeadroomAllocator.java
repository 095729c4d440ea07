package dev.resound.websocket.netty;

import dev.resound.websocket.protocol.DataFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * The buffers that a socket is read into. Each has room in front for the header of the echo, as what is read may be the inside of a
 * frame; and its size follows what the peer sends, as on io_uring an idle socket has one waiting.
 */
public final class HeadroomAllocator extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final RecvByteBufAllocator INSTANCE = new HeadroomAllocator();

    private static final int LEAST = 128;
    private static final int FIRST = 1024;
    private static final int MOST = 64 * 1024;
    private static final int GROWTH = 8;
    /** Where direct memory is short. */
    private static final int MOST_WHEN_SHORT = 2 * 1024;

    private HeadroomAllocator() {}

    /** Has a socket use these; before the first read. */
    public static void use(Channel socket) {
        socket.config().setRecvByteBufAllocator(INSTANCE);
    }

    @Override
    @SuppressWarnings("deprecation") // The interface; the class implements what replaces it.
    public Handle newHandle() {
        return new Sizes();
    }

    private final class Sizes extends MaxMessageHandle {
        private int size = FIRST;
        private boolean small;

        @Override
        public int guess() {
            if (size > MOST_WHEN_SHORT && DirectMemory.isShort()) {
                size = MOST_WHEN_SHORT;
            }
            return DataFrame.HEADROOM + size;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            int capacity = guess();
            return allocator.ioBuffer(capacity, capacity).setIndex(DataFrame.HEADROOM, DataFrame.HEADROOM);
        }

        /** After a large read, or several small ones of the same size, other connections have their turn. */
        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return totalBytesRead() < MOST && super.continueReading(maybeMoreData);
        }

        /** Grows with the first read that fills its buffer, and shrinks with the second in a row that was far from that. */
        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (bytes >= size) {
                size = Math.min(size * GROWTH, MOST);
                small = false;
            } else if (bytes <= size / 4 && bytes > 0) {
                if (small && size > LEAST) {
                    size = Math.max(size / 2, LEAST);
                }
                small = !small;
            } else {
                small = false;
            }
        }
    }
}
