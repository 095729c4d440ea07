package dev.resound.websocket.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 7692 section 7.2.2. */
class MessageInflaterTest {

    private static final int PIECE = 64;
    private static final int LIMIT = 1000;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final Deflater deflater = new Deflater(9, true);
    private final ByteArrayOutputStream inflated = new ByteArrayOutputStream();
    private final List<Piece> pieces = new ArrayList<>();
    private final CompressorPool pool = new CompressorPool();
    private MessageInflater inflater = inflater(true);

    private record Piece(Opcode opcode, boolean last, boolean text, int length) {}

    private MessageInflater inflater(boolean contextTakeover) {
        return inflater(contextTakeover, PIECE);
    }

    private MessageInflater inflater(boolean contextTakeover, int pieceSize) {
        return new MessageInflater(
                new Compression(new DeflateParameters(true, contextTakeover, 15, LIMIT), pool),
                pieceSize,
                allocator,
                this::passedOn);
    }

    private void passedOn(DataFrame frame) {
        assertThat(frame.isCompressed()).isTrue();
        assertThat(frame.headroom()).isEqualTo(DataFrame.HEADROOM);
        assertThat(frame.index()).as("room for a header").isGreaterThanOrEqualTo(DataFrame.HEADROOM);
        ByteBuffer payload = frame.payload();
        assertThat(payload.remaining()).isEqualTo(frame.length());
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        inflated.writeBytes(bytes);
        pieces.add(new Piece(frame.opcode(), frame.endsMessage(), frame.isText(), frame.length()));
    }

    /** A message as a client compresses it, without the end of its flush. */
    private byte[] deflated(byte[] message) {
        return deflated(message, Deflater.SYNC_FLUSH, 4);
    }

    private byte[] deflated(byte[] message, int flush, int leftOut) {
        byte[] out = new byte[message.length + 100];
        deflater.setInput(message);
        int length = deflater.deflate(out, 0, out.length, flush);
        return Arrays.copyOf(out, length - leftOut);
    }

    private byte[] text(String text) {
        return deflated(text.getBytes(UTF_8));
    }

    private static byte[] hex(String octets) {
        return HexFormat.ofDelimiter(" ").parseHex(octets);
    }

    /** Feeds a frame, whose buffer is then released, and inflates all of it. */
    private void frame(Opcode opcode, boolean fin, boolean text, byte[] payload) {
        ByteBuf buffer = allocator.buffer().writeZero(3).writeBytes(payload);
        inflater.feed(new DataFrame().set(opcode, fin, text, true).payload(buffer, 3, payload.length, 3));
        buffer.release();
        assertThat(inflater.hasInput()).isTrue();
        while (inflater.hasInput()) {
            int before = inflated.size();
            int octets = inflater.inflate();
            assertThat(octets).isEqualTo(inflated.size() - before).isBetween(0, PIECE);
        }
    }

    private void binary(byte[] payload) {
        frame(Opcode.BINARY, true, false, payload);
    }

    private void text(byte[] payload) {
        frame(Opcode.TEXT, true, true, payload);
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    private void expect(byte[] message) {
        assertThat(inflated.toByteArray()).isEqualTo(message);
        assertThat(pieces.getLast().last()).isTrue();
        inflated.reset();
        pieces.clear();
    }

    private void assertViolation(int code, byte[] payload, boolean text) {
        assertThatThrownBy(() -> frame(text ? Opcode.TEXT : Opcode.BINARY, true, text, payload))
                .isInstanceOfSatisfying(ProtocolViolation.class, violation -> {
                    assertThat(violation.closeCause().code()).isEqualTo(code);
                    assertThat(violation.rule()).isNotEmpty().hasSizeLessThanOrEqualTo(123);
                });
    }

    @AfterEach
    void everything_is_given_back() {
        inflater.release();
        assertThat(inflater.hasInput()).isFalse();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
                .isZero();
        inflater.release();
        deflater.end();
    }

    @Test
    void the_example_of_the_rfc_is_a_message_in_one_piece() {
        text(hex("f2 48 cd c9 c9 07 00"));
        assertThat(pieces).containsExactly(new Piece(Opcode.TEXT, true, true, 5));
        expect("Hello".getBytes(UTF_8));
    }

    @Test
    void a_long_message_comes_in_pieces_of_one_size_of_which_only_the_first_names_the_type() {
        binary(deflated(noise(2 * PIECE + 1)));
        assertThat(pieces)
                .containsExactly(
                        new Piece(Opcode.BINARY, false, false, PIECE),
                        new Piece(Opcode.CONTINUATION, false, false, PIECE),
                        new Piece(Opcode.CONTINUATION, true, false, 1));
        expect(noise(2 * PIECE + 1));
        text(text("next"));
        assertThat(pieces).containsExactly(new Piece(Opcode.TEXT, true, true, 4));
    }

    @Test
    void a_message_of_whole_pieces_ends_with_an_empty_one() {
        binary(deflated(noise(PIECE)));
        assertThat(pieces)
                .containsExactly(
                        new Piece(Opcode.BINARY, false, false, PIECE), new Piece(Opcode.CONTINUATION, true, false, 0));
    }

    @Test
    void messages_of_every_length_come_out_as_they_went_in() {
        for (int length = 0; length <= 3 * PIECE; length++) {
            binary(deflated(noise(length)));
            expect(noise(length));
        }
    }

    @Test
    void an_empty_message_is_one_empty_piece() {
        text(hex("00"));
        assertThat(pieces).containsExactly(new Piece(Opcode.TEXT, true, true, 0));
        text(text("next"));
        expect("next".getBytes(UTF_8));
    }

    @Test
    void a_message_is_the_same_wherever_it_is_cut_into_frames() {
        byte[] message = "\u20ac and \u00e9, again: \u20ac and \u00e9".repeat(5).getBytes(UTF_8);
        byte[] compressed = deflated(message);
        for (int cut = 0; cut <= compressed.length; cut++) {
            inflater.release();
            inflater = inflater(true);
            frame(Opcode.TEXT, false, true, Arrays.copyOf(compressed, cut));
            assertThat(pieces).noneMatch(Piece::last).noneMatch(piece -> piece.length() == 0);
            frame(Opcode.CONTINUATION, true, true, Arrays.copyOfRange(compressed, cut, compressed.length));
            assertThat(pieces.getFirst().opcode()).isEqualTo(Opcode.TEXT);
            assertThat(pieces.subList(1, pieces.size())).allMatch(piece -> piece.opcode() == Opcode.CONTINUATION);
            expect(message);
        }
    }

    @Test
    void a_frame_that_completes_nothing_passes_nothing_on() {
        frame(Opcode.TEXT, false, true, new byte[0]);
        assertThat(pieces).isEmpty();
        frame(Opcode.CONTINUATION, true, true, text("x"));
        assertThat(pieces).containsExactly(new Piece(Opcode.TEXT, true, true, 1));
    }

    @Test
    void a_message_may_refer_to_the_one_before_with_context_takeover() {
        binary(deflated(noise(200)));
        byte[] again = deflated(noise(200));
        assertThat(again).hasSizeLessThan(20);
        inflated.reset();
        binary(again);
        expect(noise(200));
    }

    @Test
    void a_message_must_not_refer_to_the_one_before_without_context_takeover() {
        inflater = inflater(false);
        binary(deflated(noise(200)));
        assertViolation(1007, deflated(noise(200)), false);
    }

    @Test
    void without_context_takeover_every_message_stands_for_itself() {
        inflater = inflater(false);
        for (int i = 0; i < 3; i++) {
            deflater.reset();
            binary(deflated(noise(2 * PIECE)));
            expect(noise(2 * PIECE));
        }
    }

    @Test
    void without_context_takeover_connections_take_turns_with_one_inflater_between_their_messages() {
        MessageInflater one = inflater(false);
        MessageInflater other = inflater(false);
        byte[] message = deflated(noise(200));
        inflater = one;
        frame(Opcode.BINARY, false, false, Arrays.copyOf(message, 100));
        Inflater held = pool.inflater();
        pool.free(held);
        inflater = other;
        inflated.reset();
        binary(message);
        expect(noise(200));
        inflater = one;
        frame(Opcode.CONTINUATION, true, false, Arrays.copyOfRange(message, 100, message.length));
        assertThat(pieces.getLast().last()).isTrue();
        assertThat(pool.inflater()).as("the one of the message in progress").isNotSameAs(held);
    }

    /** The bit says that a stream ends, but the message goes on (RFC 7692 section 7.2.3.4). */
    @Test
    void a_final_block_does_not_end_the_message() {
        text(hex("f3 48 cd c9 c9 07 00 00"));
        expect("Hello".getBytes(UTF_8));
        text(hex("f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00 f2 48 cd c9 c9 07 00"));
        assertThat(pieces).containsExactly(new Piece(Opcode.TEXT, true, true, 15));
        expect("HelloHelloHello".getBytes(UTF_8));
    }

    @Test
    void a_final_block_that_fills_a_piece_does_not_end_the_message() {
        var streams = new ByteArrayOutputStream();
        var message = new ByteArrayOutputStream();
        for (int length : new int[] {PIECE, 2 * PIECE, 1}) {
            deflater.reset();
            deflater.finish();
            streams.writeBytes(deflated(noise(length), Deflater.NO_FLUSH, 0));
            message.writeBytes(noise(length));
        }
        streams.write(0);
        binary(streams.toByteArray());
        expect(message.toByteArray());
    }

    @Test
    void sixteen_streams_are_the_work_of_one_piece_however_short_they_are() {
        byte[] hello = hex("f3 48 cd c9 c9 07 00");
        for (int streams : new int[] {15, 16, 17, 32}) {
            byte[] message = new byte[streams * hello.length + 1];
            for (int i = 0; i < message.length - 1; i++) {
                message[i] = hello[i % hello.length];
            }
            inflater.release();
            inflater = inflater(true, LIMIT);
            ByteBuf buffer = allocator.buffer().writeBytes(message);
            inflater.feed(new DataFrame().set(Opcode.TEXT, true, true, true).payload(buffer, 0, message.length, 0));
            buffer.release();
            assertThat(inflater.inflate()).isEqualTo(5 * Math.min(streams, 16));
            assertThat(inflater.hasInput()).isEqualTo(streams >= 16);
            while (inflater.hasInput()) {
                inflater.inflate();
            }
            expect("Hello".repeat(streams).getBytes(UTF_8));
        }
    }

    @Test
    void a_message_may_be_as_large_as_the_limit_and_so_may_the_next_one() {
        for (int i = 0; i < 3; i++) {
            binary(deflated(noise(LIMIT)));
            expect(noise(LIMIT));
        }
    }

    @Test
    void a_message_of_one_byte_more_than_the_limit_is_too_big_and_that_byte_is_not_passed_on() {
        assertViolation(1009, deflated(new byte[LIMIT + 1]), false);
        assertThat(inflated.size()).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void the_frames_of_a_message_share_its_limit() {
        frame(Opcode.BINARY, false, false, deflated(new byte[LIMIT], Deflater.SYNC_FLUSH, 0));
        assertThat(inflated.size()).isEqualTo(LIMIT);
        assertViolation(1009, deflated(new byte[1]), false);
    }

    @Test
    void a_code_point_may_lie_in_two_pieces() {
        String message = "a".repeat(PIECE - 1) + "\u20ac".repeat(PIECE);
        text(text(message));
        expect(message.getBytes(UTF_8));
    }

    @Test
    void text_that_is_not_utf8_is_refused_and_not_passed_on() {
        assertViolation(1007, deflated(new byte[] {'a', (byte) 0xFF}), true);
        assertThat(pieces).isEmpty();
    }

    @Test
    void text_must_not_end_inside_a_code_point() {
        assertViolation(1007, deflated(new byte[] {'a', (byte) 0xE2, (byte) 0x82}), true);
        assertThat(pieces).isEmpty();
    }

    @Test
    void binary_may_be_anything() {
        byte[] notUtf8 = {'a', (byte) 0xFF, (byte) 0xE2};
        binary(deflated(notUtf8));
        expect(notUtf8);
    }

    @Test
    void what_is_not_deflate_is_refused() {
        assertViolation(1007, hex("ff ff ff"), false);
    }

    @Test
    void what_waits_is_released_with_the_inflater() {
        byte[] payload = deflated(noise(10 * PIECE));
        ByteBuf buffer = allocator.buffer().writeBytes(payload);
        inflater.feed(new DataFrame().set(Opcode.BINARY, true, false, true).payload(buffer, 0, payload.length, 0));
        inflater.inflate();
        assertThat(buffer.refCnt()).isEqualTo(2);
        inflater.release();
        assertThat(inflater.hasInput()).isFalse();
        assertThat(buffer.refCnt()).isEqualTo(1);
        buffer.release();
        assertThat(pieces).isEqualTo(Collections.nCopies(1, new Piece(Opcode.BINARY, false, false, PIECE)));
    }
}
