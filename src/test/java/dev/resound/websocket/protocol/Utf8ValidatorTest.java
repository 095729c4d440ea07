package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Compares the validator with the JDK's decoder, which is strict if it is configured to report errors. */
class Utf8ValidatorTest {

    private static final ByteBuf AMID = Unpooled.unreleasableBuffer(Unpooled.directBuffer());
    private static final byte[] TEXT = "plain text, 日本".getBytes(StandardCharsets.UTF_8);

    /** INCOMPLETE means that more bytes could still complete the code point. */
    private enum Verdict {
        WHOLE,
        INCOMPLETE,
        IMPOSSIBLE
    }

    @Test
    void every_code_point_is_valid_however_it_is_split_and_surrogates_are_not() {
        for (int codePoint = 0; codePoint <= 0x10FFFF; codePoint++) {
            byte[] bytes = encode(codePoint);
            boolean surrogate = codePoint >= 0xD800 && codePoint <= 0xDFFF;
            Verdict expected = surrogate ? Verdict.IMPOSSIBLE : Verdict.WHOLE;
            for (int cut = 0; cut <= bytes.length; cut++) {
                if (verdict(bytes, cut) != expected) {
                    assertThat(verdict(bytes, cut))
                            .as("U+%X cut at %d", codePoint, cut)
                            .isEqualTo(expected);
                }
            }
            if (amidText(bytes) != expected) {
                assertThat(amidText(bytes)).as("U+%X amid text", codePoint).isEqualTo(expected);
            }
        }
    }

    @Test
    void every_sequence_of_one_or_two_bytes_gets_the_verdict_of_the_jdk() {
        for (int value = 0; value <= 0xFFFF; value++) {
            check(new byte[] {(byte) value});
            check(new byte[] {(byte) (value >> 8), (byte) value});
        }
    }

    @Test
    void every_sequence_of_three_bytes_that_may_start_a_code_point_gets_the_verdict_of_the_jdk() {
        for (int lead = 0xC2; lead <= 0xF4; lead++) {
            for (int value = 0; value <= 0xFFFF; value++) {
                check(new byte[] {(byte) lead, (byte) (value >> 8), (byte) value});
            }
        }
    }

    @Test
    void four_byte_sequences_at_every_edge_get_the_verdict_of_the_jdk() {
        int[] edges = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xE0, 0xFF};
        for (int lead = 0xE0; lead <= 0xFF; lead++) {
            for (int second = 0; second <= 0xFF; second++) {
                for (int third : edges) {
                    for (int fourth : edges) {
                        check(new byte[] {(byte) lead, (byte) second, (byte) third, (byte) fourth});
                    }
                }
            }
        }
    }

    private static void check(byte[] bytes) {
        Verdict expected = byTheJdk(bytes);
        if (amidText(bytes) == Verdict.WHOLE != (expected == Verdict.WHOLE)) {
            assertThat(amidText(bytes))
                    .as("%s amid text", java.util.HexFormat.of().formatHex(bytes))
                    .isEqualTo(expected);
        }
        for (int cut = 0; cut <= bytes.length; cut++) {
            if (verdict(bytes, cut) != expected) {
                assertThat(verdict(bytes, cut))
                        .as("%s cut at %d", java.util.HexFormat.of().formatHex(bytes), cut)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void the_first_impossible_byte_is_rejected_not_a_later_one() {
        assertRefusedAt(0, 0x80);
        assertRefusedAt(0, 0xC0);
        assertRefusedAt(0, 0xC1);
        assertRefusedAt(0, 0xF5);
        assertRefusedAt(0, 0xFF);
        assertRefusedAt(1, 0xC3, 0x28);
        assertRefusedAt(1, 0xE0, 0x9F);
        assertRefusedAt(1, 0xED, 0xA0);
        assertRefusedAt(1, 0xF0, 0x8F);
        assertRefusedAt(1, 0xF4, 0x90);
        assertRefusedAt(2, 0xE2, 0x82, 0x28);
        assertRefusedAt(3, 0xF0, 0x9F, 0x98, 0xC0);
        assertRefusedAt(
                20, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't',
                0xFF);
    }

    private static void assertRefusedAt(int index, int... octets) {
        var validator = new Utf8Validator();
        ByteBuf bytes = Unpooled.buffer();
        for (int octet : octets) {
            bytes.writeByte(octet);
        }
        for (int i = 0; i < octets.length; i++) {
            assertThat(validator.accept(bytes, i, 1)).as("octet %d", i).isEqualTo(i != index);
        }
    }

    @Test
    void an_invalid_byte_is_found_at_every_place_among_ascii() {
        for (int length = 1; length < 40; length++) {
            for (int at = 0; at < length; at++) {
                byte[] bytes = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
                bytes[at] = (byte) 0xFF;
                assertThat(new Utf8Validator().accept(Unpooled.wrappedBuffer(bytes), 0, length))
                        .isFalse();
            }
        }
    }

    @Test
    void long_text_in_many_scripts_is_valid_wherever_it_is_split() {
        String text = "Zażółć gęślą jaźń. \u65e5\u672c\u8a9e, 한국어, 😀😀 and plain ASCII for a while. ".repeat(3);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuf buffer = Unpooled.directBuffer().writeBytes(bytes);
        for (int cut = 0; cut <= bytes.length; cut++) {
            var validator = new Utf8Validator();
            assertThat(validator.accept(buffer, 0, cut)).isTrue();
            assertThat(validator.accept(buffer, cut, bytes.length - cut)).isTrue();
            assertThat(validator.isComplete()).isTrue();
        }
        buffer.release();
    }

    @Test
    void bytes_known_to_be_ASCII_are_not_checked_but_complete_no_code_point() {
        ByteBuf buffer = Unpooled.wrappedBuffer(new byte[] {(byte) 0xC3, 'a'});
        var validator = new Utf8Validator();
        validator.check(buffer, 1, 1, 'a');
        validator.check(buffer, 0, 1, 0xC3);
        assertThatThrownBy(() -> validator.check(buffer, 1, 1, 'a')).isInstanceOf(ProtocolViolation.class);
    }

    // In direct buffers the validator reads eight bytes at a time, so everything is checked at every offset.

    /** The first and the last code point of each length, and those next to the surrogates. */
    private static final int[] EDGES = {
        0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD000, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x3FFFF,
        0x40000, 0xFFFFF, 0x100000, 0x10FFFF
    };

    @Test
    void every_edge_is_valid_at_every_offset_among_ascii_and_at_every_split() {
        for (int codePoint : EDGES) {
            byte[] bytes = encode(codePoint);
            for (int before = 0; before <= 17; before++) {
                for (int after = 0; after <= 9; after++) {
                    ByteBuf text = amidAscii(before, bytes, after);
                    int length = text.readableBytes();
                    for (int cut = 0; cut <= length; cut++) {
                        var validator = new Utf8Validator();
                        boolean valid = validator.accept(text, text.readerIndex(), cut);
                        boolean whole = cut <= before || cut >= before + bytes.length;
                        if (!valid || validator.isComplete() != whole) {
                            throw new AssertionError(
                                    "U+%X behind %d and before %d, cut at %d".formatted(codePoint, before, after, cut));
                        }
                        valid = validator.accept(text, text.readerIndex() + cut, length - cut);
                        if (!valid || !validator.isComplete()) {
                            throw new AssertionError("U+%X behind %d and before %d, from %d on"
                                    .formatted(codePoint, before, after, cut));
                        }
                    }
                }
            }
        }
    }

    @Test
    void a_byte_that_cannot_follow_is_rejected_at_every_offset_among_ascii() {
        for (String hex : new String[] {
            "80",
            "bf",
            "c080",
            "c1bf",
            "c27f",
            "c2c0",
            "dfc0",
            "e09fbf",
            "e0a07f",
            "e0bfc0",
            "e18080c0",
            "ed9f7f",
            "eda080",
            "edbfbf",
            "efbf7f",
            "efbfc0",
            "f08fbfbf",
            "f0907f80",
            "f0908041",
            "f09080c0",
            "f3bfbf7f",
            "f48fbfc0",
            "f4908080",
            "f5808080",
            "f8808080",
            "fe",
            "ff",
            "c3",
            "e282",
            "f09f98"
        }) {
            byte[] bytes = java.util.HexFormat.of().parseHex(hex);
            for (int before = 0; before <= 17; before++) {
                for (int after = 1; after <= 9; after++) {
                    ByteBuf text = amidAscii(before, bytes, after);
                    if (new Utf8Validator().accept(text, text.readerIndex(), text.readableBytes())) {
                        throw new AssertionError("%s behind %d and before %d".formatted(hex, before, after));
                    }
                }
            }
        }
    }

    @Test
    void every_four_bytes_at_the_edges_of_their_ranges_get_the_verdict_of_the_jdk_among_ascii() {
        int[] edges = {
            0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
        };
        byte[] bytes = new byte[4];
        for (int first : edges) {
            for (int second : edges) {
                for (int third : edges) {
                    for (int fourth : edges) {
                        bytes[0] = (byte) first;
                        bytes[1] = (byte) second;
                        bytes[2] = (byte) third;
                        bytes[3] = (byte) fourth;
                        ByteBuf text = amidAscii(3, bytes, 5);
                        boolean accepted = new Utf8Validator().accept(text, text.readerIndex(), text.readableBytes());
                        // An incomplete code point is impossible if ASCII follows.
                        if (accepted != (decode(bytes) == Verdict.WHOLE)) {
                            throw new AssertionError(
                                    "%s".formatted(java.util.HexFormat.of().formatHex(bytes)));
                        }
                    }
                }
            }
        }
    }

    /** Outside of the heap; counts the bytes that are read one by one. */
    private static final class CountingBuffer extends UnpooledUnsafeDirectByteBuf {
        private int reads;

        CountingBuffer(byte[] bytes) {
            super(UnpooledByteBufAllocator.DEFAULT, bytes.length, bytes.length);
            writeBytes(bytes);
        }

        @Override
        public byte getByte(int index) {
            reads++;
            return super.getByte(index);
        }
    }

    /** How many bytes of a valid text are read one by one, which is slow. */
    private static int slowReads(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var buffer = new CountingBuffer(bytes);
        try {
            var validator = new Utf8Validator();
            assertThat(validator.accept(buffer, 0, bytes.length)).isTrue();
            assertThat(validator.isComplete()).isTrue();
            return buffer.reads;
        } finally {
            buffer.release();
        }
    }

    @Test
    void no_valid_code_point_is_read_byte_by_byte() {
        for (int codePoint : Arrays.stream(EDGES).filter(edge -> edge >= 0x80).toArray()) {
            String three = Character.toString(codePoint).repeat(3);
            for (int before = 0; before <= 17; before++) {
                assertThat(slowReads("x".repeat(before) + three + "x".repeat(8)))
                        .as("U+%X behind %d", codePoint, before)
                        .isZero();
            }
        }
    }

    @Test
    void only_the_end_of_a_text_is_read_byte_by_byte() {
        for (int length = 0; length <= 64; length++) {
            assertThat(slowReads("x".repeat(length))).isEqualTo(length % 8);
        }
        assertThat(slowReads("xxxx\ud83d\ude00")).isZero();
        assertThat(slowReads("xxxxxx\u00e9")).isEqualTo(2);
    }

    @Test
    void no_byte_outside_of_the_range_is_read() {
        for (int length = 0; length <= 24; length++) {
            ByteBuf text = amidAscii(length, new byte[0], 0); // FF is on both sides.
            var validator = new Utf8Validator();
            assertThat(validator.accept(text, text.readerIndex(), length)).isTrue();
            assertThat(validator.isComplete()).isTrue();
        }
    }

    @Test
    void a_violation_closes_with_1007_and_names_its_section() {
        var validator = new Utf8Validator();
        validator.check(Unpooled.wrappedBuffer(new byte[] {'a'}), 0, 1);
        validator.checkEnd();
        validator.check(Unpooled.wrappedBuffer(new byte[] {(byte) 0xC3}), 0, 1);
        assertThatThrownBy(validator::checkEnd)
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.closeCause().code()).isEqualTo(1007))
                .hasMessageContaining("8.1");
        assertThatThrownBy(() -> validator.check(Unpooled.wrappedBuffer(new byte[] {'a'}), 0, 1))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.closeCause().code()).isEqualTo(1007))
                .hasMessageContaining("8.1");
    }

    @Test
    void the_hint_that_all_bytes_are_ascii_holds_for_each_of_the_eight_bytes_of_a_word() {
        ByteBuf invalid = Unpooled.wrappedBuffer(new byte[] {(byte) 0xFF});
        new Utf8Validator().check(invalid, 0, 1, 0x7F7F_7F7F_7F7F_7F7FL);
        for (int bit = 7; bit < Long.SIZE; bit += Byte.SIZE) {
            long seen = 1L << bit;
            assertThatThrownBy(() -> new Utf8Validator().check(invalid, 0, 1, seen))
                    .isInstanceOf(ProtocolViolation.class);
        }
    }

    private static final ByteBuf MEMORY = Unpooled.unreleasableBuffer(Unpooled.directBuffer());

    /** These bytes in a direct buffer, with letters before and after them, and with FF on both sides. */
    private static ByteBuf amidAscii(int before, byte[] bytes, int after) {
        MEMORY.clear().writeByte(0xFF);
        for (int i = 0; i < before; i++) {
            MEMORY.writeByte('a' + i);
        }
        MEMORY.writeBytes(bytes);
        for (int i = 0; i < after; i++) {
            MEMORY.writeByte('A' + i);
        }
        MEMORY.writeLong(-1);
        return MEMORY.setIndex(1, MEMORY.writerIndex() - Long.BYTES);
    }

    /**
     * Validates these bytes in a direct buffer with text before and after them: there, several bytes are checked at
     * once.
     */
    private static Verdict amidText(byte[] bytes) {
        AMID.clear().writeBytes(TEXT).writeBytes(bytes).writeBytes(TEXT);
        var validator = new Utf8Validator();
        boolean valid = validator.accept(AMID, 0, AMID.writerIndex());
        return valid && validator.isComplete() ? Verdict.WHOLE : Verdict.IMPOSSIBLE;
    }

    private static Verdict verdict(byte[] bytes, int cut) {
        var validator = new Utf8Validator();
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        if (!validator.accept(buffer, 0, cut) || !validator.accept(buffer, cut, bytes.length - cut)) {
            return Verdict.IMPOSSIBLE;
        }
        return validator.isComplete() ? Verdict.WHOLE : Verdict.INCOMPLETE;
    }

    private static Verdict byTheJdk(byte[] bytes) {
        Verdict verdict = decode(bytes);
        // The JDK accepts ED A0 as the start of a code point until the next byte arrives.
        return verdict == Verdict.INCOMPLETE && !canBeCompleted(bytes) ? Verdict.IMPOSSIBLE : verdict;
    }

    private static boolean canBeCompleted(byte[] bytes) {
        for (int next : new int[] {0x80, 0x90, 0xA0}) {
            byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
            more[bytes.length] = (byte) next;
            Verdict verdict = decode(more);
            if (verdict == Verdict.WHOLE || (verdict == Verdict.INCOMPLETE && canBeCompleted(more))) {
                return true;
            }
        }
        return false;
    }

    private static Verdict decode(byte[] bytes) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = decoder.decode(in, CharBuffer.allocate(8), false);
        if (result.isError()) {
            return Verdict.IMPOSSIBLE;
        }
        return in.hasRemaining() ? Verdict.INCOMPLETE : Verdict.WHOLE;
    }

    private static byte[] encode(int c) {
        if (c < 0x80) {
            return new byte[] {(byte) c};
        } else if (c < 0x800) {
            return new byte[] {(byte) (0xC0 | c >> 6), tail(c)};
        } else if (c < 0x10000) {
            return new byte[] {(byte) (0xE0 | c >> 12), tail(c >> 6), tail(c)};
        }
        return new byte[] {(byte) (0xF0 | c >> 18), tail(c >> 12), tail(c >> 6), tail(c)};
    }

    private static byte tail(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}
