package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameEncoderTest {

    private static final UnpooledByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    @ParameterizedTest
    @CsvSource({
        "TEXT,         true,  0,          8100",
        "TEXT,         false, 125,        017d",
        "BINARY,       true,  126,        827e007e",
        "BINARY,       true,  65535,      827effff",
        "CONTINUATION, false, 65536,      007f0000000000010000",
        "CONTINUATION, true,  2147483647, 807f000000007fffffff",
    })
    void a_header_has_the_length_in_its_shortest_form_and_no_mask(Opcode opcode, boolean fin, int length, String hex) {
        ByteBuf header = Unpooled.buffer(16);
        FrameEncoder.setHeader(header, 0, (fin ? 0x80 : 0) | opcode.bits(), length);
        assertThat(HexFormat.of().formatHex(header.array(), 0, FrameEncoder.headerLength(length)))
                .isEqualTo(hex);
    }

    @Test
    void control_frames_carry_their_payload() {
        assertThat(hex(FrameEncoder.ping(ALLOCATOR, new byte[] {1, 2}))).isEqualTo("89020102");
        assertThat(hex(FrameEncoder.pong(ALLOCATOR, new byte[0]))).isEqualTo("8a00");
        assertThat(hex(FrameEncoder.close(ALLOCATOR, new byte[0]))).isEqualTo("8800");
        assertThat(hex(FrameEncoder.close(ALLOCATOR, 1001, "bye"))).isEqualTo("880503e9627965");
    }

    @Test
    void a_reason_is_truncated_to_fit_into_a_control_frame() {
        ByteBuf close = FrameEncoder.close(ALLOCATOR, 1002, "x".repeat(200));
        assertThat(close.readableBytes()).isEqualTo(2 + 125);
        assertThat(close.getByte(1)).isEqualTo((byte) 125);
        assertThat(close.toString(4, 123, StandardCharsets.US_ASCII)).isEqualTo("x".repeat(123));
        close.release();
    }

    private static String hex(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        return HexFormat.of().formatHex(bytes);
    }
}
