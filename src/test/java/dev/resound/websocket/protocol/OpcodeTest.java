package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpcodeTest {

    @Test
    void the_bits_are_those_of_section_5_2_and_all_others_are_reserved() {
        Opcode[] known = new Opcode[16];
        known[0] = Opcode.CONTINUATION;
        known[1] = Opcode.TEXT;
        known[2] = Opcode.BINARY;
        known[8] = Opcode.CLOSE;
        known[9] = Opcode.PING;
        known[10] = Opcode.PONG;
        for (int bits = 0; bits < 16; bits++) {
            assertThat(Opcode.of(bits)).isEqualTo(known[bits]);
        }
    }

    @Test
    void a_control_frame_has_the_highest_bit_of_the_opcode_set() {
        for (Opcode opcode : Opcode.values()) {
            assertThat(opcode.isControl()).isEqualTo(opcode.bits() >= 8);
            assertThat(Opcode.of(opcode.bits())).isEqualTo(opcode);
        }
    }
}
