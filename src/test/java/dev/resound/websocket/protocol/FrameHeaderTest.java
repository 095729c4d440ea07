package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.resound.test.WireFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameHeaderTest {

    @Test
    void every_first_octet_is_checked_inside_and_outside_of_a_message() {
        for (int octet = 0; octet < 256; octet++) {
            for (boolean inside : new boolean[] {false, true}) {
                boolean reserved = (octet & 0x70) != 0;
                int opcode = octet & 0xF;
                boolean fin = octet >= 0x80;
                boolean good = !reserved
                        && switch (opcode) {
                            case 0 -> inside;
                            case 1, 2 -> !inside;
                            case 8, 9, 10 -> fin;
                            default -> false;
                        };
                var header = new FrameHeader(0);
                if (good) {
                    assertThat(header.accept(octet, inside)).isFalse();
                    assertThat(header.fin()).isEqualTo(fin);
                } else {
                    int bad = octet;
                    assertThatThrownBy(() -> header.accept(bad, inside))
                            .isInstanceOfSatisfying(
                                    ProtocolViolation.class,
                                    v -> assertThat(v.closeCause().code()).isEqualTo(1002));
                }
            }
        }
    }

    @Test
    void with_compression_agreed_only_a_first_frame_of_data_may_have_rsv1_and_none_rsv2_or_rsv3() {
        for (int octet = 0; octet < 256; octet++) {
            int opcode = octet & 0xF;
            var header = new FrameHeader(0);
            header.allowCompression();
            if ((octet & 0x70) == 0x40 && (opcode == 1 || opcode == 2)) {
                header.accept(octet, false);
                assertThat(header.compressed()).isTrue();
            } else if ((octet & 0x70) != 0) {
                int bad = octet;
                assertThatThrownBy(() -> header.accept(bad, opcode == 0))
                        .isInstanceOfSatisfying(
                                ProtocolViolation.class,
                                v -> assertThat(v.closeCause().code()).isEqualTo(1002));
            }
        }
        var plain = new FrameHeader(0);
        plain.allowCompression();
        plain.accept(0x81, false);
        assertThat(plain.compressed()).isFalse();
    }

    @Test
    void a_frame_without_a_mask_breaks_the_rules() {
        for (long length : new long[] {0, 125, 126, 65_536}) {
            byte[] unmasked = WireFrame.text("").unmasked().header(length);
            assertViolation(1002, 0, Arrays.copyOf(unmasked, unmasked.length + Integer.BYTES));
        }
    }

    @Test
    void a_length_in_a_longer_form_than_it_needs_breaks_the_rules() {
        for (long length : new long[] {0, 1, 125}) {
            assertViolation(1002, 0, WireFrame.text("").lengthIn(16).header(length));
        }
        for (long length : new long[] {0, 1, 126, 65_535}) {
            byte[] bytes = WireFrame.text("").lengthIn(64).header(length);
            assertThatThrownBy(() -> read(0, bytes))
                    .isInstanceOf(ProtocolViolation.class)
                    .hasMessageContaining("shortest form");
        }
    }

    @Test
    void the_first_octet_of_a_negative_length_breaks_the_rules() {
        byte[] bytes = WireFrame.text("").lengthIn(64).header(-1);
        assertThatThrownBy(() -> read(0, bytes))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("most significant bit");
        var header = new FrameHeader(0);
        header.accept(bytes[0] & 0xFF, false);
        header.accept(bytes[1] & 0xFF, false);
        assertThatThrownBy(() -> header.accept(bytes[2] & 0xFF, false)).hasMessageContaining("most significant bit");
    }

    @Test
    void length_and_key_are_read_in_each_of_the_three_forms() {
        for (long length : new long[] {0, 1, 125, 126, 65_535, 65_536, 1L << 31, 1L << 32, Long.MAX_VALUE}) {
            FrameHeader header =
                    read(0, WireFrame.binary(new byte[0]).maskedWith(0x8001FF7F).header(length));
            assertThat(header.length()).isEqualTo(length);
            assertThat(header.maskingKey()).isEqualTo(0x8001FF7F);
            assertThat(header.opcode()).isEqualTo(Opcode.BINARY);
        }
    }

    @Test
    void the_maximum_size_is_allowed_and_one_byte_more_is_not() {
        for (long most : new long[] {1, 125, 126, 65_535, 65_536, 1L << 33}) {
            assertThat(read(most, WireFrame.text("").header(most)).length()).isEqualTo(most);
            assertViolation(1009, most, WireFrame.text("").header(most + 1));
        }
    }

    @Test
    void the_maximum_size_applies_to_data_frames_but_not_to_control_frames() {
        assertThat(read(1, WireFrame.ping("").header(125)).length()).isEqualTo(125);
    }

    @Test
    void a_header_can_be_reused_after_a_reset() {
        var header = new FrameHeader(0);
        for (int i = 0; i < 3; i++) {
            feed(header, WireFrame.text("").maskedWith(i).header(70_000 + i));
            assertThat(header.length()).isEqualTo(70_000 + i);
            assertThat(header.maskingKey()).isEqualTo(i);
            header.reset();
        }
    }

    private static void assertViolation(int code, long most, byte[] bytes) {
        assertThatThrownBy(() -> read(most, bytes))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        v -> assertThat(v.closeCause().code()).isEqualTo(code));
    }

    @Test
    void a_header_is_parsed_at_once_only_if_the_buffer_contains_all_of_it() {
        for (long length : new long[] {125, 126, 65_536}) {
            byte[] bytes = WireFrame.binary(new byte[0]).header(length);
            for (int come = 0; come < bytes.length; come++) {
                ByteBuf in = Unpooled.wrappedBuffer(bytes, 0, come);
                assertThat(new FrameHeader(0).acceptWhole(in, false)).isFalse();
                assertThat(in.readerIndex()).isZero();
            }
        }
        var begun = new FrameHeader(0);
        begun.accept(0x81, false);
        assertThat(begun.acceptWhole(Unpooled.wrappedBuffer(new byte[20]), false))
                .isFalse();
    }

    /** Parses a header octet by octet and at once; both must give the same result. */
    private static FrameHeader read(long most, byte[] bytes) {
        var header = new FrameHeader(most);
        Throwable violation = catchThrowable(() -> feed(header, bytes));
        var atOnce = new FrameHeader(most);
        Throwable sameViolation =
                catchThrowable(() -> assertThat(atOnce.acceptWhole(Unpooled.wrappedBuffer(bytes), false))
                        .isTrue());
        if (violation instanceof ProtocolViolation thrown) {
            assertThat(sameViolation).hasMessage(thrown.getMessage());
            throw thrown;
        }
        assertThat(sameViolation).isNull();
        assertThat(atOnce).usingRecursiveComparison().ignoringFields("octets").isEqualTo(header);
        return atOnce;
    }

    private static void feed(FrameHeader header, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            assertThat(header.accept(bytes[i] & 0xFF, false)).isEqualTo(i == bytes.length - 1);
        }
    }
}
