package dev.resound.websocket.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedMessageTest {

    @Test
    void it_is_one_final_text_frame() {
        try (var message = SharedMessage.text("hé".getBytes(UTF_8))) {
            ByteBuf frame = message.frame();
            assertThat(ByteBufUtil.hexDump(frame)).isEqualTo("810368c3a9");
            assertThat(message.length()).isEqualTo(3);
            frame.release();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 8100", "125, 817d", "126, 817e007e", "65535, 817effff", "65536, 817f0000000000010000"})
    void its_length_is_in_the_shortest_form(int length, String header) {
        try (var message = SharedMessage.text(new byte[length])) {
            ByteBuf frame = message.frame();
            assertThat(ByteBufUtil.hexDump(frame, 0, header.length() / 2)).isEqualTo(header);
            frame.release();
        }
    }

    @Test
    void each_connection_releases_its_reference_and_the_last_one_frees_the_memory() {
        ByteBuf one;
        ByteBuf other;
        try (var message = SharedMessage.text("shared".getBytes(UTF_8))) {
            one = message.frame();
            other = message.frame();
        }
        one.skipBytes(one.readableBytes());
        assertThat(other.isReadable()).as("positions are its own").isTrue();
        one.release();
        assertThat(other.refCnt()).isEqualTo(1);
        other.release();
        assertThat(other.refCnt()).isZero();
    }
}
