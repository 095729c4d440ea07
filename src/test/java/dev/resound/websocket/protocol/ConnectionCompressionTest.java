package dev.resound.websocket.protocol;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static dev.resound.websocket.protocol.TestPeer.Ending.SHUTDOWN_OUTPUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireFrame;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Compressed messages among others (RFC 7692 section 6). The bytes are those of the RFC's examples (section 7.2.3). */
class ConnectionCompressionTest {

    private static final byte[] HELLO = HexFormat.ofDelimiter(" ").parseHex("f2 48 cd c9 c9 07 00");

    private final TestPeer peer = TestPeer.openCompressed(new DeflateParameters(false, false, 15, 1024));

    private static WireFrame hello() {
        return text(HELLO).reserved(4);
    }

    @AfterEach
    void everything_is_released() {
        if (peer.ends.isEmpty()) {
            peer.disconnects();
        }
    }

    @Test
    void a_compressed_message_is_echoed_compressed_and_counted_as_what_it_inflates_to() {
        peer.sends(hello()).expect(hello());
        assertThat(peer.received).isOne();
        assertThat(peer.receivedText).isEqualTo(5);
        assertThat(peer.sent).isOne();
        assertThat(peer.sentText).isEqualTo(5);
    }

    @Test
    void a_message_that_is_not_compressed_is_not_compressed_by_the_echo() {
        peer.sends(text("plain")).expect(text("plain"));
    }

    @Test
    void compressed_messages_and_others_keep_their_order() {
        WireFrame[] frames = {text("a"), hello(), text("b"), hello(), hello(), binary(new byte[] {1})};
        peer.sends(frames).expect(frames);
    }

    @Test
    void a_fragment_that_inflates_to_nothing_changes_nothing_for_the_frames_around_it() {
        peer.sends(
                text("before"),
                text("").reserved(4).unfinished(),
                ping("p"),
                WireFrame.continuation(HELLO),
                text("after"));
        peer.expect(text("before"), pong("p"), hello(), text("after"));
    }

    @Test
    void a_compressed_message_that_is_cut_anywhere_by_reads_is_echoed() {
        byte[] bytes = hello().bytes();
        for (int cut = 1; cut < bytes.length; cut++) {
            peer.sends(Arrays.copyOf(bytes, cut))
                    .expect()
                    .sends(Arrays.copyOfRange(bytes, cut, bytes.length))
                    .expect(hello());
        }
    }

    @Test
    void compressed_text_that_is_not_utf8_ends_with_1007() {
        peer.sends(text(new byte[] {1, 1, 0, (byte) 0xFE, (byte) 0xFF, (byte) 0xFF, 0})
                .reserved(4));
        assertThat(peer.frames()).extracting(WireFrame::closeCode).containsExactly(1007);
        peer.expectEnd(CloseCause.INVALID_PAYLOAD, 1007, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_close_is_answered_after_the_compressed_message_before_it() {
        peer.sends(hello(), close(1000)).expect(hello(), close(1000));
        peer.expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT);
    }

    @Test
    void compression_that_was_not_negotiated_ends_with_1002() {
        TestPeer plain = TestPeer.open();
        plain.sends(hello());
        assertThat(plain.frames()).extracting(WireFrame::closeCode).containsExactly(1002);
        plain.expectEnd(CloseCause.PROTOCOL_ERROR, 1002, SHUTDOWN_OUTPUT);
    }
}
