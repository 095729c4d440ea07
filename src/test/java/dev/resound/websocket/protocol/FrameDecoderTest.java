package dev.resound.websocket.protocol;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.continuation;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.test.WireFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {

    private static final int PIECE = 16;

    private final List<ByteBuf> buffers = new ArrayList<>();
    private final Recorder sink = new Recorder();
    private final FrameDecoder decoder = new FrameDecoder(sink, PIECE, 0, PooledByteBufAllocator.DEFAULT);

    /** Writes the echo that a server would send. */
    private static final class Recorder implements FrameSink {
        final List<ByteBuf> written = new ArrayList<>();
        final List<String> events = new ArrayList<>();
        final List<Integer> headrooms = new ArrayList<>();
        final List<ByteBuf> sources = new ArrayList<>();
        DataFrame newest = new DataFrame();
        final CoalescingWriter run = new CoalescingWriter(written::add);
        Consumer<String> onEvent = event -> {};

        @Override
        public void onData(DataFrame frame) {
            run.append(frame);
            headrooms.add(frame.headroom());
            sources.add(frame.buffer());
            newest = frame;
            addEvent((frame.isText() ? "text " : "binary ") + frame.length() + (frame.endsMessage() ? "." : ""));
        }

        @Override
        public void onPing(byte[] payload) {
            addEvent("ping " + payload.length);
        }

        @Override
        public void onPong(byte[] payload) {
            addEvent("pong " + payload.length);
        }

        @Override
        public void onClose(int code, byte[] payload) {
            addEvent("close " + code);
        }

        private void addEvent(String event) {
            events.add(event);
            onEvent.accept(event);
        }

        byte[] echo() {
            run.flushSlice();
            var out = new ByteArrayOutputStream();
            for (ByteBuf buffer : written) {
                byte[] bytes = new byte[buffer.readableBytes()];
                buffer.readBytes(bytes);
                buffer.release();
                out.writeBytes(bytes);
            }
            written.clear();
            return out.toByteArray();
        }
    }

    @AfterEach
    void every_buffer_is_released() {
        decoder.release();
        sink.echo();
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }

    private void decode(byte[] bytes) {
        ByteBuf buffer =
                PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
        buffers.add(buffer);
        try {
            decoder.decode(buffer);
        } finally {
            buffer.release();
        }
    }

    private static byte[] bytes(WireFrame... frames) {
        var out = new ByteArrayOutputStream();
        Arrays.stream(frames).forEach(frame -> out.writeBytes(frame.bytes()));
        return out.toByteArray();
    }

    private static byte[] unmasked(WireFrame... frames) {
        return bytes(Arrays.stream(frames).map(WireFrame::unmasked).toArray(WireFrame[]::new));
    }

    @Test
    void a_conversation_is_decoded_the_same_wherever_it_is_split() {
        WireFrame[] conversation = {
            text("Hello"),
            ping("p"),
            binary(new byte[PIECE]),
            text("").unfinished(),
            pong("q"),
            continuation("\u20ac\u20ac").unfinished(),
            continuation(""),
            binary(new byte[0])
        };
        byte[] bytes = bytes(conversation);
        for (int cut = 0; cut <= bytes.length; cut++) {
            decode(Arrays.copyOfRange(bytes, 0, cut));
            decode(Arrays.copyOfRange(bytes, cut, bytes.length));
            assertThat(sink.echo())
                    .as("cut at %d", cut)
                    .isEqualTo(unmasked(
                            text("Hello"),
                            binary(new byte[PIECE]),
                            text("").unfinished(),
                            continuation("\u20ac\u20ac").unfinished(),
                            continuation(""),
                            binary(new byte[0])));
        }
        assertThat(sink.events.subList(0, 8))
                .containsExactly(
                        "text 5.", "ping 1", "binary 16.", "text 0", "pong 1", "text 6", "text 0.", "binary 0.");
    }

    @Test
    void a_frame_larger_than_a_piece_is_passed_on_in_the_pieces_that_the_reads_brought() {
        byte[] frame = bytes(binary(new byte[5 * PIECE + 3]).unfinished());
        decode(Arrays.copyOf(frame, frame.length - 2 * PIECE));
        decode(Arrays.copyOfRange(frame, frame.length - 2 * PIECE, frame.length));
        assertThat(sink.events).containsExactly("binary " + (3 * PIECE + 3), "binary " + 2 * PIECE);
        assertThat(sink.echo())
                .isEqualTo(unmasked(
                        binary(new byte[3 * PIECE + 3]).unfinished(),
                        continuation(new byte[2 * PIECE]).unfinished()));
    }

    @Test
    void only_the_last_piece_of_a_frame_is_smaller_than_the_piece_size() {
        byte[] frame = bytes(binary(new byte[2 * PIECE + 3]));
        for (byte octet : frame) {
            decode(new byte[] {octet});
        }
        assertThat(sink.events).containsExactly("binary 16", "binary 16", "binary 3.");
        assertThat(sink.echo())
                .isEqualTo(unmasked(
                        binary(new byte[PIECE]).unfinished(),
                        continuation(new byte[PIECE]).unfinished(),
                        continuation(new byte[3])));
    }

    @Test
    void retained_frames_do_not_change_while_the_rest_of_their_buffer_is_decoded() {
        WireFrame[] frames = new WireFrame[50];
        Arrays.setAll(frames, i -> text("message " + i).maskedWith(0x01020304 * i));
        decode(bytes(frames));
        assertThat(sink.echo()).isEqualTo(unmasked(frames));
    }

    @Test
    void a_frame_is_passed_on_as_soon_as_its_last_octet_arrives() {
        byte[] frame = bytes(text("Hello"));
        for (int i = 0; i < frame.length; i++) {
            assertThat(sink.events).isEmpty();
            decode(new byte[] {frame[i]});
        }
        assertThat(sink.events).containsExactly("text 5.");
    }

    @Test
    void nothing_is_decoded_after_a_close_frame() {
        decode(bytes(close(1000), text("late")));
        decode(bytes(text("later").reserved(7)));
        assertThat(sink.events).containsExactly("close 1000");
    }

    @Test
    void nothing_is_decoded_after_a_violation_and_the_partial_frame_is_released() {
        byte[] bad = bytes(text(new byte[] {'a', (byte) 0xFF, 'c'}));
        decode(Arrays.copyOf(bad, 7));
        assertThatThrownBy(() -> decode(Arrays.copyOfRange(bad, 7, 8)))
                .isInstanceOfSatisfying(ProtocolViolation.class, v -> {
                    assertThat(v.closeCause().code()).isEqualTo(1007);
                    assertThat(v.rule()).hasSizeLessThanOrEqualTo(123);
                });
        decode(bytes(text("late")));
        assertThat(sink.events).isEmpty();
    }

    @Test
    void text_must_not_end_inside_a_code_point_but_a_fragment_of_it_may() {
        decode(bytes(text(new byte[] {(byte) 0xE2, (byte) 0x82}).unfinished()));
        decode(bytes(continuation(new byte[] {(byte) 0xAC})));
        byte[] bad = bytes(text(new byte[] {(byte) 0xE2, (byte) 0x82}));
        assertThatThrownBy(() -> decode(bad))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        v -> assertThat(v.closeCause().code()).isEqualTo(1007));
        assertThat(sink.events).containsExactly("text 2", "text 1.");
    }

    @Test
    void compressed_text_is_not_checked_before_it_is_inflated() {
        decoder.allowCompression();
        decode(bytes(text(new byte[] {(byte) 0xFF}).reserved(4).unfinished(), continuation(new byte[] {(byte) 0xE2})));
        assertThat(sink.events).containsExactly("text 1", "text 1.");
        assertThat(sink.newest.isCompressed()).isTrue();
        decode(bytes(text("plain")));
        assertThat(sink.newest.isCompressed()).isFalse();
    }

    @Test
    void what_lies_in_front_of_a_payload_and_behind_the_one_before_may_be_written_over() {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT
                .buffer()
                .writeZero(20)
                .skipBytes(20)
                .writeBytes(bytes(text(""), text("one"), text(""), text("two")));
        decoder.decode(buffer);
        buffer.release();
        assertThat(sink.headrooms).containsExactly(20 + 6, 6, 6, 6);
    }

    @Test
    void what_was_decoded_before_a_suspension_is_not_written_over() {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT
                .buffer()
                .writeZero(20)
                .skipBytes(20)
                .writeBytes(bytes(text("one"), text("two")));
        sink.onEvent = event -> decoder.suspend();
        decoder.decode(buffer);
        decoder.resume();
        decoder.decode(buffer);
        buffer.release();
        assertThat(sink.headrooms).containsExactly(20 + 6, 6);
        assertThat(sink.echo()).isEqualTo(unmasked(text("one"), text("two")));
    }

    @Test
    void only_what_a_read_cut_in_two_is_copied() {
        byte[] whole = bytes(binary(new byte[PIECE]));
        decode(whole);
        decode(Arrays.copyOf(whole, whole.length - 1));
        decode(Arrays.copyOfRange(whole, whole.length - 1, whole.length));
        assertThat(sink.sources).hasSize(2);
        assertThat(sink.sources.getFirst()).isSameAs(buffers.getFirst());
        assertThat(sink.sources.getLast()).isNotIn(buffers);
    }

    @Test
    void no_buffer_is_referred_to_after_it_was_decoded() {
        decode(bytes(text("x")));
        assertThat(sink.newest.buffer()).isNotSameAs(buffers.getFirst());
    }

    @Test
    void a_decoder_is_suspended_until_it_is_resumed_or_has_ended() {
        assertThat(decoder.isSuspended()).isFalse();
        decoder.suspend();
        assertThat(decoder.isSuspended()).isTrue();
        decoder.resume();
        assertThat(decoder.isSuspended()).isFalse();
        decoder.suspend();
        decoder.release();
        assertThat(decoder.isSuspended()).isFalse();
    }

    @Test
    void a_suspended_decoder_leaves_the_rest_for_later() {
        byte[] three = bytes(text("one"), ping("two"), text("three"));
        sink.onEvent = event -> decoder.suspend();
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer().writeBytes(three);
        for (int seen = 1; seen <= 3; seen++) {
            decoder.decode(buffer);
            decoder.decode(buffer);
            assertThat(sink.events).hasSize(seen);
            assertThat(decoder.isSuspended()).isTrue();
            decoder.resume();
        }
        assertThat(buffer.isReadable()).isFalse();
        buffer.release();
        assertThat(sink.echo()).isEqualTo(unmasked(text("one"), text("three")));
    }

    @Test
    void a_frame_larger_than_memory_costs_no_more_than_the_bytes_that_arrived() {
        decode(binary(new byte[0]).header(Long.MAX_VALUE));
        for (int i = 0; i < 100; i++) {
            decode(new byte[1000]);
            sink.echo();
        }
        assertThat(sink.events).hasSize(100).allMatch(event -> event.equals("binary 1000"));
    }
}
