package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {

    private static final int KEY = 0x37FA213D;

    @Test
    void octet_i_is_xored_with_octet_i_mod_4_of_the_key() {
        // RFC 6455 section 5.7: a masked "Hello".
        ByteBuf bytes = Unpooled.wrappedBuffer(new byte[] {0x7F, (byte) 0x9F, 0x4D, 0x51, 0x58});
        Mask.apply(KEY, bytes, 0, 5);
        assertThat(bytes.toString(java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo("Hello");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void only_the_given_range_changes_for_any_start_and_length(boolean outsideHeap) {
        for (int start = 0; start < 10; start++) {
            for (int length = 0; length < 140; length++) {
                byte[] original = new byte[160];
                new Random(length).nextBytes(original);
                ByteBuf bytes = (outsideHeap ? Unpooled.directBuffer() : Unpooled.buffer()).writeBytes(original);
                Mask.apply(KEY, bytes, start, length);
                for (int i = 0; i < original.length; i++) {
                    boolean inside = i >= start && i < start + length;
                    int mask = inside ? KEY >>> (24 - 8 * ((i - start) & 3)) : 0;
                    assertThat(bytes.getByte(i)).isEqualTo((byte) (original[i] ^ mask));
                }
                bytes.release();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_byte_that_is_not_ASCII_is_reported_at_any_position_and_ASCII_is_not(boolean outsideHeap) {
        for (int start = 0; start < Long.BYTES; start++) {
            for (int length = 0; length < 50; length++) {
                for (int odd = -1; odd < length; odd++) {
                    byte[] ascii = new byte[start + length];
                    ByteBuf bytes = (outsideHeap ? Unpooled.directBuffer() : Unpooled.buffer()).writeBytes(ascii);
                    Mask.apply(KEY, bytes, start, length);
                    if (odd >= 0) {
                        bytes.setByte(start + odd, bytes.getByte(start + odd) ^ 0x80);
                    }
                    long seen = Mask.apply(KEY, bytes, start, length);
                    assertThat((seen & 0x8080_8080_8080_8080L) != 0).isEqualTo(odd >= 0);
                    bytes.release();
                }
            }
        }
    }

    @Test
    void a_payload_may_be_unmasked_in_parts_with_the_rotated_key() {
        byte[] original = new byte[100];
        new Random(1).nextBytes(original);
        ByteBuf whole = Unpooled.copiedBuffer(original);
        Mask.apply(KEY, whole, 0, 100);
        for (int cut = 0; cut <= 100; cut++) {
            ByteBuf parts = Unpooled.copiedBuffer(original);
            Mask.apply(KEY, parts, 0, cut);
            Mask.apply(Mask.rotate(KEY, cut), parts, cut, 100 - cut);
            assertThat(parts).isEqualTo(whole);
        }
    }

    @Test
    void the_rotation_of_the_key_repeats_every_four_octets() {
        assertThat(Mask.rotate(KEY, 0)).isEqualTo(KEY);
        assertThat(Mask.rotate(KEY, 1)).isEqualTo(0xFA213D37);
        assertThat(Mask.rotate(KEY, 3)).isEqualTo(0x3D37FA21);
        assertThat(Mask.rotate(KEY, 1L << 40)).isEqualTo(KEY);
        assertThat(Mask.rotate(KEY, (1L << 40) + 2)).isEqualTo(Mask.rotate(KEY, 2));
    }

    /** A smaller method may be inlined into its callers, where the compiler may have reached its inlining limits. */
    @Test
    void the_loop_over_the_words_is_too_large_to_be_inlined() throws IOException {
        int largestInlined = Integer.parseInt(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("FreqInlineSize")
                .getValue());
        try (InputStream code = Objects.requireNonNull(Mask.class.getResourceAsStream("Mask.class"))) {
            ClassModel mask = ClassFile.of().parse(code.readAllBytes());
            assertThat(mask.methods())
                    .filteredOn(method -> method.methodName().equalsString("inMemory"))
                    .singleElement()
                    .extracting(method -> method.findAttribute(Attributes.code())
                            .orElseThrow()
                            .codeLength())
                    .asInstanceOf(InstanceOfAssertFactories.INTEGER)
                    .isGreaterThan(largestInlined);
        }
    }
}
