package dev.resound.websocket.conformance;

import static dev.resound.test.WireFrame.CLOSE;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.continuation;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Delivery;
import dev.resound.test.OnEveryTransportAndTheCore;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 section 7: closing the connection. */
@OnEveryTransportAndTheCore
class Section7ClosingTest extends Conformance {

    @ParameterizedTest
    @EnumSource
    void an_empty_close_is_answered_with_an_empty_close(Delivery delivery) {
        open(delivery).send(close()).expect(close()).expectEnd().close();
        expectEnd(CloseCause.CLIENT, 1005);
    }

    @ParameterizedTest
    @EnumSource
    void a_close_is_answered_with_its_code_and_reason(Delivery delivery) {
        open(delivery)
                .send(close(4321, "Auf Wiedersehen \u20ac"))
                .expect(close(4321, "Auf Wiedersehen \u20ac"))
                .expectEnd()
                .close();
        expectEnd(CloseCause.CLIENT, 4321);
        String longest = "x".repeat(123);
        open(delivery)
                .send(close(1000, longest))
                .expect(close(1000, longest))
                .expectEnd()
                .close();
        expectEnd(CloseCause.CLIENT, 1000);
    }

    /** Section 7.4 with the IANA registry, at every edge; CloseCodeTest has all codes. */
    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void a_close_with_a_valid_code_is_answered_with_it(int code) {
        open(Delivery.ONE_WRITE)
                .send(close(code))
                .expect(close(code))
                .expectEnd()
                .close();
        expectEnd(CloseCause.CLIENT, code);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 32_767, 32_768, 65_535})
    void any_other_code_is_a_protocol_error(int code) {
        expectFailure(Delivery.ONE_WRITE, 1002, CloseCause.PROTOCOL_ERROR, close(code));
    }

    @ParameterizedTest
    @EnumSource
    void a_close_payload_of_one_byte_is_a_protocol_error(Delivery delivery) {
        expectFailure(delivery, 1002, CloseCause.PROTOCOL_ERROR, frame(CLOSE, new byte[] {3}));
    }

    @ParameterizedTest
    @EnumSource
    void a_reason_that_is_not_utf8_is_an_invalid_payload(Delivery delivery) {
        for (byte[] reason : new byte[][] {
            bytes(0xFF),
            bytes('o', 'k', 0xC3),
            bytes(0xED, 0xA0, 0x80),
            bytes(0xC0, 0x80),
            bytes(0xF4, 0x90, 0x80, 0x80),
            bytes(0xCE, 0xBA, 0xE1, 0xBD, 0xB9, 0xCF, 0x83, 0xCE, 0xBC, 0xCE, 0xB5, 0xED, 0xA0, 0x80, 0x65)
        }) {
            byte[] payload = ByteBuffer.allocate(2 + reason.length)
                    .putShort((short) 1000)
                    .put(reason)
                    .array();
            expectFailure(delivery, 1007, CloseCause.INVALID_PAYLOAD, frame(CLOSE, payload));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_close_may_come_inside_a_fragmented_message(Delivery delivery) {
        open(delivery)
                .send(text("unfin").unfinished(), ping("p"), close(1001), continuation("ished"))
                .expect(text("unfin").unfinished(), pong("p"), close(1001))
                .expectEnd()
                .close();
        expectEnd(CloseCause.CLIENT, 1001);
    }

    @Test
    void the_server_ends_the_tcp_connection_even_if_the_client_keeps_its_side_open() {
        // RFC 6455 section 7.1.1: the server closes first.
        try (WireClient client = open(Delivery.ONE_WRITE)) {
            client.send(close(1000)).expect(close(1000)).expectEnd();
        }
        expectEnd(CloseCause.CLIENT, 1000);
    }

    @Test
    void a_tcp_connection_that_ends_without_a_close_has_the_cause_network() {
        open(Delivery.ONE_WRITE).send(text("hi")).expect(text("hi")).close();
        expectEnd(CloseCause.NETWORK, 1006);
    }

    @Test
    void a_reset_has_the_cause_network() {
        open(Delivery.ONE_WRITE).send(text("hi")).expect(text("hi")).reset();
        expectEnd(CloseCause.NETWORK, 1006);
    }

    @Test
    void a_half_closed_client_still_receives_its_echoes() {
        try (WireClient client = open(Delivery.ONE_WRITE)) {
            client.send(text("last words"))
                    .shutdownOutput()
                    .expect(text("last words"))
                    .expectEnd();
        }
        expectEnd(CloseCause.NETWORK, 1006);
    }

    @Test
    void a_client_that_half_closes_after_its_close_frame_has_the_cause_client() {
        try (WireClient client = open(Delivery.ONE_WRITE)) {
            client.send(close(1000)).shutdownOutput().expect(close(1000)).expectEnd();
        }
        expectEnd(CloseCause.CLIENT, 1000);
    }

    @Test
    void a_frame_truncated_by_the_end_of_tcp_is_not_echoed() {
        try (WireClient client = open(Delivery.ONE_WRITE)) {
            byte[] frame = text("incomplete").bytes();
            client.send(java.util.Arrays.copyOf(frame, frame.length - 1))
                    .shutdownOutput()
                    .expectEnd();
        }
        expectEnd(CloseCause.NETWORK, 1006);
    }

    @Test
    void a_client_that_keeps_sending_after_a_failure_still_receives_the_close_frame() {
        try (WireClient client = open(Delivery.ONE_WRITE)) {
            client.send(WireFrame.text("bad").reserved(1));
            for (int i = 0; i < 50; i++) {
                client.sendInVain(new byte[10_000]);
            }
            client.expectFailure(1002);
        }
        expectEnd(CloseCause.PROTOCOL_ERROR, 1002);
    }

    private void expectEnd(CloseCause cause, int code) {
        ConnectionEnd end = server().observer.awaitEnd();
        assertThat(end.cause()).isEqualTo(cause);
        assertThat(end.code()).isEqualTo(code);
    }
}
