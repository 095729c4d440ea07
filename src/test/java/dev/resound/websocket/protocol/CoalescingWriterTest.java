package dev.resound.websocket.protocol;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.continuation;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoalescingWriterTest {

    private final ByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final List<ByteBuf> written = new ArrayList<>();
    private final CoalescingWriter run = new CoalescingWriter(written::add);
    private final ByteBuf read = allocator.directBuffer(200).writeZero(20).skipBytes(20);

    /**
     * A frame as the decoder passes it on: its payload in the buffer of a read, behind the space of the header and the
     * mask.
     */
    private DataFrame frame(WireFrame frame, int headroom) {
        byte[] payload = frame.payload();
        read.writeZero(headroom).writeBytes(payload);
        Opcode opcode = Opcode.of(frame.opcode());
        return new DataFrame()
                .set(opcode == null ? Opcode.BINARY : opcode, frame.fin(), false, false)
                .payload(read, read.writerIndex() - payload.length, payload.length, headroom);
    }

    private static byte[] bytes(WireFrame... frames) {
        ByteBuf all = UnpooledByteBufAllocator.DEFAULT.heapBuffer();
        for (WireFrame frame : frames) {
            all.writeBytes(frame.unmasked().bytes());
        }
        return ByteBufUtil.getBytes(all);
    }

    private byte[] writtenBytes() {
        ByteBuf all = UnpooledByteBufAllocator.DEFAULT.heapBuffer();
        written.forEach(buffer -> all.writeBytes(buffer.duplicate()));
        return ByteBufUtil.getBytes(all);
    }

    @AfterEach
    void every_buffer_is_released() {
        run.release();
        written.forEach(ReferenceCountUtil::release);
        assertThat(read.refCnt()).isEqualTo(1);
        read.release();
    }

    @Test
    void the_frames_of_one_read_are_written_as_the_buffer_of_that_read() {
        run.append(frame(text("Hello"), 6));
        run.append(frame(binary(new byte[100]), 6));
        run.append(frame(text(""), 6));
        assertThat(written).isEmpty();
        run.flushOwned();
        assertThat(written).hasSize(1);
        assertThat(written.getFirst()).isSameAs(read);
        assertThat(writtenBytes()).isEqualTo(bytes(text("Hello"), binary(new byte[100]), text("")));
    }

    @Test
    void a_flush_of_a_slice_starts_a_new_run_and_leaves_the_first_one_unchanged() {
        run.append(frame(text("one"), 6));
        run.flushSlice();
        run.append(frame(text("two"), 6));
        run.append(frame(text("three"), 6));
        run.flushOwned();
        assertThat(written).hasSize(2);
        assertThat(writtenBytes()).isEqualTo(bytes(text("one"), text("two"), text("three")));
    }

    @Test
    void the_header_of_a_payload_without_headroom_is_a_separate_buffer() {
        run.append(frame(continuation(new byte[120]), 1));
        run.flushOwned();
        assertThat(written).hasSize(2);
        assertThat(writtenBytes()).isEqualTo(bytes(continuation(new byte[120])));
    }

    @Test
    void a_run_in_another_buffer_follows_the_previous_one() {
        run.append(frame(text("in the read"), 6));
        ByteBuf other = allocator.directBuffer(30).writeZero(10).writeBytes(new byte[20]);
        run.append(new DataFrame().set(Opcode.BINARY, true, false, false).payload(other, 10, 20, 10));
        other.release();
        run.flushOwned();
        assertThat(writtenBytes()).isEqualTo(bytes(text("in the read"), binary(new byte[20])));
    }

    @Test
    void a_small_run_does_not_keep_a_large_buffer() {
        run.append(frame(text("1"), 6));
        run.flushOwned();
        assertThat(read.refCnt()).isEqualTo(1);
        assertThat(writtenBytes()).isEqualTo(bytes(text("1")));
    }

    @Test
    void a_run_that_was_not_flushed_is_released() {
        run.append(frame(text("Hello"), 6));
        run.release();
        run.flushOwned();
        assertThat(written).isEmpty();
    }
}
