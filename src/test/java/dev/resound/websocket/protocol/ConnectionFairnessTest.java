package dev.resound.websocket.protocol;

import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static dev.resound.websocket.protocol.TestPeer.Ending.SHUTDOWN_OUTPUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireFrame;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** A connection works for a bounded time and then yields to other connections. */
class ConnectionFairnessTest {

    private static final int TURN = 64 * 1024;
    private static final int MIB = 1024 * 1024;

    private final TestPeer peer = TestPeer.openCompressed(new DeflateParameters(true, false, 15, 16 * MIB));

    private static byte[] deflated(byte[] payload) {
        var deflater = new Deflater(9, true);
        deflater.setInput(payload);
        byte[] out = new byte[payload.length / 500 + 200];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - 4);
    }

    private static WireFrame compressed(byte[] payload) {
        return WireFrame.binary(deflated(payload)).reserved(4);
    }

    @Test
    void a_message_that_inflates_to_16_MiB_takes_256_turns_and_is_echoed_completely() {
        peer.sends(compressed(new byte[16 * MIB]));
        int turns = 1;
        for (; peer.isYielded(); turns++) {
            assertThat(peer.reading).isFalse();
            int before = peer.receivedBytes;
            peer.turn();
            assertThat(peer.receivedBytes - before).isBetween(0, TURN);
        }
        assertThat(turns).isBetween(256, 258);
        assertThat(peer.receivedBytes).isEqualTo(16 * MIB);
        assertThat(peer.received).isOne();
        assertThat(peer.sent).isOne();
        assertThat(peer.reading).isTrue();
        peer.disconnects();
    }

    @Test
    void input_after_a_large_message_waits_for_the_end_of_the_message() {
        peer.sends(compressed(new byte[4 * TURN]), text("next")).sends(text("later"), close(1000));
        peer.connection.endOfInput();
        assertThat(peer.endings).isEmpty();
        while (peer.isYielded()) {
            peer.turn();
        }
        var frames = peer.frames();
        assertThat(frames.subList(frames.size() - 3, frames.size()))
                .containsExactly(text("next"), text("later"), close(1000));
        peer.expectEnd(CloseCause.CLIENT, 1000, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_drain_waits_for_the_message_that_is_being_inflated() {
        peer.sends(compressed(new byte[4 * TURN]));
        peer.connection.drain();
        while (peer.isYielded()) {
            peer.turn();
        }
        assertThat(peer.received).isOne();
        assertThat(peer.sent).isOne();
        assertThat(peer.frames().getLast()).isEqualTo(close(1001, "server draining"));
        peer.disconnects();
    }

    @Test
    void many_short_compressed_messages_in_one_read_take_several_turns() {
        var read = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            read.writeBytes(compressed(new byte[1]).bytes());
        }
        peer.sends(read.toByteArray());
        assertThat(peer.received).isEqualTo(TURN / 1024);
        for (int turns = 1; peer.isYielded(); turns++) {
            peer.turn();
            assertThat(peer.received).isBetween(turns * TURN / 1024, (turns + 1) * TURN / 1024);
        }
        assertThat(peer.received).isEqualTo(1000);
        assertThat(peer.sent).isEqualTo(1000);
        peer.disconnects();
    }

    @Test
    void records_of_one_read_are_one_turn_however_many_they_are() {
        byte[] record = compressed(new byte[60_000]).bytes();
        for (int i = 0; i < 700; i++) {
            peer.sendsPart(record);
        }
        peer.connection.endOfRead();
        assertThat(peer.receivedBytes).isLessThan(2 * TURN);
        while (peer.isYielded()) {
            int before = peer.receivedBytes;
            peer.turn();
            assertThat(peer.receivedBytes - before).isBetween(0, TURN + TestPeer.PIECE);
        }
        assertThat(peer.received).isEqualTo(700);
        peer.disconnects();
    }

    @Test
    void short_messages_in_many_records_of_one_read_take_several_turns() {
        byte[] record = compressed(new byte[1]).bytes();
        for (int i = 0; i < 500; i++) {
            peer.sendsPart(record);
        }
        peer.connection.endOfRead();
        assertThat(peer.received).isBetween(TURN / 1024 / 2, TURN / 1024);
        while (peer.isYielded()) {
            peer.turn();
        }
        assertThat(peer.received).isEqualTo(500);
        peer.disconnects();
    }

    @Test
    void a_read_begins_with_a_turn_of_its_own() {
        for (int i = 0; i < 4; i++) {
            peer.sends(WireFrame.binary(TestPeer.bytes(TURN - 10)));
        }
        assertThat(peer.received).isEqualTo(4);
        assertThat(peer.isYielded()).isFalse();
        peer.disconnects();
    }

    @Test
    void thousands_of_empty_streams_in_one_message_take_several_turns() {
        byte[] streams = new byte[30_000]; // Each is an empty final block (RFC 7692 section 7.2.3.4).
        for (int i = 0; i < streams.length; i += 2) {
            streams[i] = 3;
        }
        peer.sends(WireFrame.binary(streams).reserved(4));
        int turns = 1;
        for (; peer.isYielded(); turns++) {
            peer.turn();
        }
        assertThat(turns).isGreaterThan(10);
        assertThat(peer.received).isOne();
        assertThat(peer.receivedBytes).isZero();
        peer.disconnects();
    }

    @Test
    void reads_that_waited_are_processed_in_turns() {
        peer.capacity = 1000;
        peer.sends(WireFrame.binary(TestPeer.bytes(2000)));
        for (int i = 0; i < 5; i++) {
            peer.sends(WireFrame.binary(TestPeer.bytes(60_000)));
        }
        assertThat(peer.received).isEqualTo(2);
        peer.capacity = Long.MAX_VALUE;
        peer.reads(62_004);
        assertThat(peer.received).isEqualTo(4);
        assertThat(peer.isYielded()).isTrue();
        peer.turn();
        assertThat(peer.received).isEqualTo(6);
        assertThat(peer.isYielded()).isFalse();
        peer.disconnects();
    }

    @Test
    void a_message_that_inflates_beyond_the_limit_ends_with_1009_after_some_turns() {
        peer.sends(compressed(new byte[17 * MIB]));
        while (peer.isYielded()) {
            peer.turn();
        }
        assertThat(peer.receivedBytes).isEqualTo(16 * MIB);
        assertThat(peer.frames().getLast().closeCode()).isEqualTo(1009);
        peer.expectEnd(CloseCause.TOO_BIG, 1009, SHUTDOWN_OUTPUT);
    }

    @Test
    void a_connection_that_ends_while_it_waits_for_its_turn_releases_everything() {
        peer.sends(compressed(new byte[4 * TURN]), text("never"));
        peer.connection.onPeerLost();
        peer.turn();
        assertThat(peer.received).isZero();
        assertThat(peer.disconnects().cause()).isEqualTo(CloseCause.NETWORK);
    }
}
