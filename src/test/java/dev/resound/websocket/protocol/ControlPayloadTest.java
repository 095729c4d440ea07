package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ControlPayloadTest {

    @Test
    void a_payload_is_complete_with_its_last_octet_and_reads_no_further() {
        var payload = new ControlPayload();
        payload.begin(3);
        ByteBuf in = Unpooled.wrappedBuffer(new byte[] {0x11, 0x22, 0x33, 0x44});
        assertThat(payload.accept(in.readSlice(2))).isFalse();
        assertThat(payload.accept(in)).isTrue();
        assertThat(in.readableBytes()).isEqualTo(1);
        assertThat(payload.unmasked(0x01020304)).containsExactly(0x10, 0x20, 0x30);
    }

    @Test
    void an_empty_payload_is_complete_at_once_and_replaces_the_previous_one() {
        var payload = new ControlPayload();
        payload.begin(1);
        payload.accept(Unpooled.wrappedBuffer(new byte[1]));
        payload.begin(0);
        assertThat(payload.unmasked(0x01020304)).isEmpty();
    }

    @Test
    void the_code_of_a_close_frame_is_its_first_two_octets_or_1005_if_it_is_empty() {
        assertThat(ControlPayload.closeCode(new byte[0])).isEqualTo(1005);
        assertThat(ControlPayload.closeCode(new byte[] {0x03, (byte) 0xE8, 'b', 'y', 'e'}))
                .isEqualTo(1000);
    }

    @Test
    void half_a_code_a_reserved_code_and_a_reason_that_is_not_utf8_are_violations() {
        assertCode(1002, (byte) 0x03);
        assertCode(1002, (byte) 0x03, (byte) 0xED); // 1005 means that there was no code.
        assertCode(1007, (byte) 0x03, (byte) 0xE8, (byte) 0xFF);
    }

    private static void assertCode(int code, byte... payload) {
        assertThatThrownBy(() -> ControlPayload.closeCode(payload))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        v -> assertThat(v.closeCause().code()).isEqualTo(code));
    }
}
