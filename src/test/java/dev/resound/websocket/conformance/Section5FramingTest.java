package dev.resound.websocket.conformance;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Delivery;
import dev.resound.test.OnEveryTransportAndTheCore;
import dev.resound.test.Pieces;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 6455 sections 5.1 to 5.3 and 5.6: masks, lengths, reserved bits and opcodes. */
@OnEveryTransportAndTheCore
class Section5FramingTest extends Conformance {

    private static final int PIECE = 4096;

    static Stream<Arguments> lengths() {
        return Stream.of(0, 1, 2, 7, 8, 9, 124, 125, 126, 127, 128, 4095, 4096, 4097, 8192, 65_535, 65_536, 200_000)
                .flatMap(length -> Arrays.stream(Delivery.values()).map(delivery -> Arguments.of(length, delivery)));
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void a_text_frame_of_any_length_is_echoed(int length, Delivery delivery) {
        expectEcho(text(letters(length)), delivery);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void a_binary_frame_of_any_length_is_echoed(int length, Delivery delivery) {
        expectEcho(binary(randomBytes(length)), delivery);
    }

    private void expectEcho(WireFrame sent, Delivery delivery) {
        WireClient client = open(delivery).sendMeanwhile(sent);
        if (sent.payload().length <= PIECE) {
            client.expect(sent); // As one frame.
        } else {
            assertThat(client.readMessage(sent.opcode())).isEqualTo(sent.payload());
        }
        closeNormally(client);
    }

    @ParameterizedTest
    @EnumSource
    void a_frame_larger_than_the_receive_buffer_is_echoed_in_pieces_of_at_least_its_size(Delivery delivery) {
        WireFrame frame = text(letters(20 * PIECE + 1));
        WireClient client = open(delivery).sendMeanwhile(frame);
        new Pieces(PIECE).expect(client, frame);
        closeNormally(client);
    }

    @ParameterizedTest
    @EnumSource
    void many_frames_are_echoed_in_order(Delivery delivery) {
        WireFrame[] frames = new WireFrame[200];
        Arrays.setAll(frames, i -> i % 2 == 0 ? text("message " + i) : binary(randomBytes(i)));
        closeNormally(open(delivery).send(frames).expect(frames));
    }

    @ParameterizedTest
    @EnumSource
    void any_masking_key_is_removed_including_zero(Delivery delivery) {
        WireClient client = open(delivery);
        for (int key : new int[] {0, -1, 1, 0x80000000, 0x01020304, 0xFF00FF00}) {
            for (int length = 0; length < 20; length++) {
                WireFrame frame = binary(randomBytes(length)).maskedWith(key);
                client.send(frame).expect(frame);
            }
        }
        closeNormally(client);
    }

    @ParameterizedTest
    @EnumSource
    void an_unmasked_frame_fails_the_connection(Delivery delivery) {
        expectProtocolError(delivery, text("hi").unmasked());
        expectProtocolError(delivery, ping("hi").unmasked());
        expectProtocolError(delivery, close(1000).unmasked());
        expectProtocolError(delivery, binary(new byte[0]).unmasked());
    }

    @ParameterizedTest
    @EnumSource
    void a_reserved_bit_fails_the_connection_in_every_kind_of_frame(Delivery delivery) {
        for (int bits = 1; bits <= 7; bits++) {
            expectProtocolError(delivery, text("hi").reserved(bits));
            expectProtocolError(delivery, text("").reserved(bits));
            expectProtocolError(delivery, binary(new byte[3]).reserved(bits));
            expectProtocolError(delivery, ping("hi").reserved(bits));
            expectProtocolError(delivery, close(1000).reserved(bits));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_reserved_opcode_fails_the_connection(Delivery delivery) {
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            expectProtocolError(delivery, frame(opcode, new byte[0]));
            expectProtocolError(delivery, frame(opcode, letters(5)));
            expectProtocolError(delivery, frame(opcode, letters(5)).unfinished());
        }
    }

    @ParameterizedTest
    @EnumSource
    void frames_before_an_invalid_frame_are_echoed_and_frames_after_it_are_not(Delivery delivery) {
        try (WireClient client = open(delivery)) {
            client.sendInVain(concat(
                    text("good").bytes(),
                    text("bad").reserved(4).bytes(),
                    text("too late").bytes()));
            client.expect(text("good"));
            assertThat(client.read().closeCode()).isEqualTo(1002);
            client.expectEnd();
        }
        assertThat(server().observer.awaitEnd().cause()).isEqualTo(CloseCause.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @EnumSource
    void a_length_that_is_not_in_its_shortest_form_fails_the_connection(Delivery delivery) {
        for (int length : new int[] {0, 1, 125}) {
            expectProtocolError(delivery, binary(new byte[length]).lengthIn(16));
            expectProtocolError(delivery, binary(new byte[length]).lengthIn(64));
        }
        expectProtocolError(delivery, binary(new byte[126]).lengthIn(64));
        expectProtocolError(delivery, binary(new byte[65_535]).lengthIn(64));
    }

    @ParameterizedTest
    @EnumSource
    void a_length_with_the_sign_bit_fails_the_connection(Delivery delivery) {
        for (long length : new long[] {-1, Long.MIN_VALUE, Long.MIN_VALUE + 5}) {
            expectFailure(
                    delivery,
                    1002,
                    CloseCause.PROTOCOL_ERROR,
                    binary(new byte[0]).lengthIn(64).header(length));
        }
    }

    @Test
    void an_invalid_header_is_rejected_at_the_octet_that_breaks_a_rule() {
        expectFailure(Delivery.ONE_WRITE, 1002, CloseCause.PROTOCOL_ERROR, bytes(0xC1));
        expectFailure(Delivery.ONE_WRITE, 1002, CloseCause.PROTOCOL_ERROR, bytes(0x83));
        expectFailure(Delivery.ONE_WRITE, 1002, CloseCause.PROTOCOL_ERROR, bytes(0x80));
        expectFailure(Delivery.ONE_WRITE, 1002, CloseCause.PROTOCOL_ERROR, bytes(0x09));
        expectFailure(Delivery.ONE_WRITE, 1002, CloseCause.PROTOCOL_ERROR, bytes(0x81, 0x05));
        expectFailure(Delivery.ONE_WRITE, 1002, CloseCause.PROTOCOL_ERROR, bytes(0x89, 0xFE));
        expectFailure(Delivery.ONE_WRITE, 1002, CloseCause.PROTOCOL_ERROR, bytes(0x81, 0xFF, 0x80));
        expectFailure(Delivery.ONE_WRITE, 1002, CloseCause.PROTOCOL_ERROR, bytes(0x81, 0xFE, 0x00, 0x7D));
    }

    private void expectProtocolError(Delivery delivery, WireFrame... frames) {
        expectFailure(delivery, 1002, CloseCause.PROTOCOL_ERROR, frames);
    }

    private static byte[] concat(byte[]... parts) {
        var out = new java.io.ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
