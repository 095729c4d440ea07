package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Against the JDK's own decoder, which is strict where it is told to report. */
class Utf8ValidatorTest {

    private static final ByteBuf AMID = Unpooled.unreleasableBuffer(Unpooled.directBuffer());
    private static final byte[] TEXT = "plain text, 日本".getBytes(StandardCharsets.UTF_8);

    /** INCOMPLETE is what more bytes could still make whole. */
    private enum Verdict {
        WHOLE,
        INCOMPLETE,
        IMPOSSIBLE
    }

    @Test
    void every_code_point_is_valid_however_it_is_cut_and_surrogates_are_not() {
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
    void every_sequence_of_one_or_two_bytes_is_judged_as_by_the_jdk() {
        for (int value = 0; value <= 0xFFFF; value++) {
            check(new byte[] {(byte) value});
            check(new byte[] {(byte) (value >> 8), (byte) value});
        }
    }

    @Test
    void every_sequence_of_three_bytes_that_may_start_a_code_point_is_judged_as_by_the_jdk() {
        for (int lead = 0xC2; lead <= 0xF4; lead++) {
            for (int value = 0; value <= 0xFFFF; value++) {
                check(new byte[] {(byte) lead, (byte) (value >> 8), (byte) value});
            }
        }
    }

    @Test
    void four_byte_sequences_are_judged_as_by_the_jdk_at_every_edge() {
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
    void the_first_impossible_byte_is_refused_not_a_later_one() {
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
    void long_text_of_many_scripts_is_valid_wherever_it_is_cut() {
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
    void what_is_known_to_be_ASCII_needs_no_look_but_completes_no_code_point() {
        ByteBuf buffer = Unpooled.wrappedBuffer(new byte[] {(byte) 0xC3, 'a'});
        var validator = new Utf8Validator();
        validator.check(buffer, 1, 1, 'a');
        validator.check(buffer, 0, 1, 0xC3);
        assertThatThrownBy(() -> validator.check(buffer, 1, 1, 'a')).isInstanceOf(ProtocolViolation.class);
    }

    /** With text before and after it, outside of the heap: several bytes are judged at once there. */
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
        // The JDK takes ED A0 for the start of something until the next byte comes.
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
