package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboundQueueTest {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final InboundQueue queue = new InboundQueue();

    private void read(int bytes) {
        queue.add(allocator.ioBuffer(bytes).writeZero(bytes));
    }

    private List<Object> taken() {
        List<Object> taken = new ArrayList<>();
        for (Object first = queue.first(); first != null; first = queue.first()) {
            taken.add(first instanceof ByteBuf bytes ? bytes.readableBytes() : first);
            queue.removeFirst();
        }
        return taken;
    }

    @AfterEach
    void every_buffer_is_released() {
        queue.clear();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void inputs_come_out_in_the_order_in_which_they_arrived() {
        read(1000);
        queue.add(InboundQueue.Event.DRAIN);
        read(2000);
        queue.add(InboundQueue.Event.END_OF_INPUT);
        assertThat(queue.bytes()).isEqualTo(3000);
        assertThat(taken()).containsExactly(1000, InboundQueue.Event.DRAIN, 2000, InboundQueue.Event.END_OF_INPUT);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void small_reads_behind_another_input_share_a_buffer() {
        read(600);
        for (int i = 0; i < 100; i++) {
            read(1);
        }
        assertThat(taken()).containsExactly(600, 100);
    }

    @Test
    void the_first_read_is_not_copied_however_small() {
        ByteBuf bytes = allocator.ioBuffer(1).writeZero(1);
        queue.add(bytes);
        assertThat(queue.first()).isSameAs(bytes);
    }

    @Test
    void a_small_read_behind_an_event_does_not_overtake_it() {
        read(600);
        read(1);
        queue.add(InboundQueue.Event.DRAIN);
        read(2);
        assertThat(taken()).containsExactly(600, 1, InboundQueue.Event.DRAIN, 2);
    }

    @Test
    void a_buffer_that_was_removed_receives_no_further_reads() {
        read(600);
        read(1);
        taken();
        read(600);
        read(3);
        assertThat(taken()).containsExactly(600, 3);
    }

    @Test
    void small_reads_that_exceed_one_buffer_use_several() {
        read(600);
        for (int i = 0; i < 12; i++) {
            read(500);
        }
        assertThat(taken()).containsExactly(600, 4000, 2000);
    }

    @Test
    void a_read_of_512_bytes_is_small_and_one_of_513_is_not() {
        read(600);
        read(512);
        read(512);
        read(513);
        read(513);
        assertThat(taken()).containsExactly(600, 1024, 513, 513);
    }

    @Test
    void a_gathering_buffer_is_filled_to_its_last_byte() {
        read(600);
        for (int i = 0; i < 8; i++) {
            read(512);
        }
        read(1);
        assertThat(taken()).containsExactly(600, 4096, 1);
    }

    @Test
    void gathering_goes_on_when_an_earlier_input_was_taken() {
        read(600);
        read(1);
        queue.removeFirst();
        read(2);
        assertThat(taken()).containsExactly(3);
    }

    @Test
    void clearing_releases_everything() {
        read(600);
        read(5);
        queue.add(InboundQueue.Event.DRAIN);
        queue.clear();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.bytes()).isZero();
    }
}
