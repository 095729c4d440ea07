package dev.resound.websocket;

import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CoalescingWriter;
import dev.resound.websocket.protocol.DataFrame;
import dev.resound.websocket.protocol.FrameDecoder;
import dev.resound.websocket.protocol.FrameSink;
import dev.resound.websocket.protocol.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IntakeTest {

    private final ByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final List<String> told = new ArrayList<>();
    private final List<ByteBuf> reads = new ArrayList<>();
    private final CoalescingWriter run = new CoalescingWriter(bytes -> {
        told.add("written");
        bytes.release();
    });
    private final Intake intake = new Intake(
            new FrameDecoder(new Sink(), 4096, 0, allocator), run, (ProtocolViolation broken) -> told.add("violation"));

    /** Echoes data, and suspends the decoder at each ping, as if the peer had stopped to read. */
    private final class Sink implements FrameSink {
        @Override
        public void onData(DataFrame frame) {
            told.add(Integer.toString(frame.length()));
            run.append(frame);
        }

        @Override
        public void onPing(byte[] payload) {
            told.add("ping");
            intake.suspend();
        }

        @Override
        public void onPong(byte[] payload) {}

        @Override
        public void onClose(int code, byte[] payload) {}
    }

    private ByteBuf read(WireFrame... frames) {
        ByteBuf bytes = allocator.buffer();
        for (WireFrame frame : frames) {
            bytes.writeBytes(frame.bytes());
        }
        reads.add(bytes);
        return bytes;
    }

    @AfterEach
    void every_read_is_given_back() {
        intake.release();
        run.release();
        assertThat(reads).allMatch(read -> read.refCnt() == 0);
    }

    @Test
    void what_the_frames_of_a_read_had_written_goes_out_at_its_end() {
        intake.add(read(text("1"), text("22")));
        assertThat(told).containsExactly("1", "2", "written");
        assertThat(reads.getFirst().refCnt()).isZero();
    }

    @Test
    void while_it_is_suspended_nothing_is_decoded_but_what_was_written_goes_out() {
        intake.add(read(text("1"), ping(""), text("22")));
        intake.add(read(text("333")));
        assertThat(told).containsExactly("1", "ping", "written");
        assertThat(intake.isSuspended()).isTrue();
    }

    @Test
    void it_goes_on_where_it_stopped_and_stops_again() {
        intake.add(read(ping(""), text("1"), ping("")));
        intake.add(read(text("22")));
        told.clear();
        intake.resume();
        assertThat(told).containsExactly("1", "ping", "written");
        intake.resume();
        assertThat(told).containsExactly("1", "ping", "written", "2", "written");
        assertThat(intake.isSuspended()).isFalse();
    }

    @Test
    void a_violation_is_told_once_and_nothing_is_decoded_after_it() {
        intake.add(read(ping(""), text("1"), text("22").reserved(1)));
        intake.add(read(text("333")));
        told.clear();
        intake.resume();
        assertThat(told).containsExactly("1", "violation");
        assertThat(reads)
                .extracting(ByteBuf::refCnt)
                .as("the run holds the first")
                .containsExactly(1, 0);
        run.flushSlice();
        intake.add(read(text("4444")));
        assertThat(told).containsExactly("1", "violation", "written");
    }

    @Test
    void once_stopped_it_drops_what_it_holds_and_what_comes() {
        intake.add(read(ping(""), text("1")));
        intake.stop();
        intake.add(read(text("22")));
        intake.resume();
        assertThat(told).containsExactly("ping");
        assertThat(reads).allMatch(read -> read.refCnt() == 0);
    }
}
