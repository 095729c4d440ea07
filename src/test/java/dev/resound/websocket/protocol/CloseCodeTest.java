package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CloseCodeTest {

    @Test
    void the_valid_codes_are_the_registered_ones_and_3000_to_4999() {
        var valid = new BitSet();
        IntStream.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014)
                .forEach(valid::set);
        valid.set(3000, 5000);
        for (int code = 0; code <= 65_535; code++) {
            assertThat(CloseCode.isValid(code)).as("code %d", code).isEqualTo(valid.get(code));
        }
    }
}
