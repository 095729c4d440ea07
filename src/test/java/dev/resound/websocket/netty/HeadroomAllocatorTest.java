package dev.resound.websocket.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.protocol.DataFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class HeadroomAllocatorTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final RecvByteBufAllocator.ExtendedHandle sizes = handle(channel);

    private static RecvByteBufAllocator.ExtendedHandle handle(EmbeddedChannel channel) {
        HeadroomAllocator.use(channel);
        return (RecvByteBufAllocator.ExtendedHandle)
                channel.config().getRecvByteBufAllocator().newHandle();
    }

    /** Allocates the next buffer and reads up to this many bytes into it. Returns the space that the buffer had. */
    private int read(int bytes) {
        ByteBuf buffer = sizes.allocate(UnpooledByteBufAllocator.DEFAULT);
        int room = buffer.writableBytes();
        buffer.release();
        sizes.lastBytesRead(Math.min(bytes, room));
        return room;
    }

    @Test
    void a_buffer_has_headroom_for_a_header() {
        ByteBuf buffer = sizes.allocate(UnpooledByteBufAllocator.DEFAULT);
        assertThat(buffer.readerIndex()).isEqualTo(DataFrame.HEADROOM);
        assertThat(buffer.isReadable()).isFalse();
        assertThat(buffer.writableBytes()).isPositive();
        buffer.release();
    }

    @Test
    void buffers_grow_with_the_size_of_reads_up_to_64_KiB() {
        int first = read(1 << 20);
        int second = read(1 << 20);
        read(1 << 20);
        read(1 << 20);
        assertThat(second).isGreaterThan(first);
        assertThat(read(1 << 20)).isEqualTo(64 * 1024);
    }

    @Test
    void one_small_read_changes_nothing_and_many_small_ones_shrink_the_buffers() {
        read(1 << 20);
        read(1 << 20);
        read(1 << 20);
        read(10);
        assertThat(read(1 << 20)).isEqualTo(64 * 1024);
        for (int i = 0; i < 40; i++) {
            read(10);
        }
        assertThat(read(10)).isEqualTo(128);
    }

    @Test
    void reading_goes_on_up_to_64_KiB_and_then_others_have_their_turn() {
        sizes.reset(channel.config());
        int total = 0;
        do {
            total += read(1 << 20);
        } while (sizes.continueReading(() -> true) && total < 1 << 20);
        assertThat(total).isBetween(64 * 1024, 128 * 1024);
    }

    @Test
    void reads_without_a_byte_leave_the_size_alone() {
        int first = read(0);
        for (int i = 0; i < 40; i++) {
            read(-1);
        }
        assertThat(read(0)).isEqualTo(first);
    }
}
