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
    void a_header_takes_exactly_the_room_that_it_needs() {
        run.append(frame(binary(new byte[60]), 2));
        run.append(frame(binary(new byte[60]), 2));
        run.flushOwned();
        assertThat(written).hasSize(1);
        assertThat(writtenBytes()).isEqualTo(bytes(binary(new byte[60]), binary(new byte[60])));
    }

    @Test
    void a_frame_that_has_not_enough_room_for_its_header_is_not_drawn_up() {
        run.append(frame(binary(new byte[60]), 2));
        run.append(frame(binary(new byte[60]), 1));
        run.flushOwned();
        assertThat(written).as("a run, a header, another run").hasSize(3);
        assertThat(writtenBytes()).isEqualTo(bytes(binary(new byte[60]), binary(new byte[60])));
    }

    @Test
    void an_empty_frame_without_room_in_front_is_its_header_alone() {
        run.append(frame(text(""), 0));
        run.flushOwned();
        assertThat(written).hasSize(1);
        assertThat(writtenBytes()).isEqualTo(bytes(text("")));
    }

    @Test
    void a_run_of_a_sixteenth_keeps_its_buffer_and_a_smaller_one_does_not() {
        for (int length = 10; length >= 9; length--) {
            ByteBuf buffer = allocator.directBuffer(160, 160).writeZero(40 + length);
            run.append(new DataFrame().set(Opcode.BINARY, true, false, false).payload(buffer, 42, length - 2, 2));
            run.flushOwned();
            assertThat(buffer.refCnt()).isEqualTo(length == 10 ? 2 : 1);
            buffer.release();
        }
        assertThat(written).extracting(ByteBuf::capacity).containsExactly(160, 9);
    }

    @Test
    void a_run_in_another_buffer_comes_after_the_one_before() {
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
