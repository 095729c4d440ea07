package dev.resound.websocket.conformance;

import static dev.resound.test.WireFrame.CLOSE;
import static dev.resound.test.WireFrame.PING;
import static dev.resound.test.WireFrame.PONG;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.frame;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;

import dev.resound.test.Delivery;
import dev.resound.test.OnEveryTransportAndTheCore;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 section 5.5: control frames. */
@OnEveryTransportAndTheCore
class Section5ControlFramesTest extends Conformance {

    @ParameterizedTest
    @EnumSource
    void a_ping_is_answered_by_a_pong_with_its_payload(Delivery delivery) {
        WireClient client = open(delivery);
        for (int length : new int[] {0, 1, 3, 4, 5, 124, 125}) {
            client.send(frame(PING, randomBytes(length))).expect(frame(PONG, randomBytes(length)));
        }
        closeNormally(client);
    }

    @ParameterizedTest
    @EnumSource
    void every_ping_is_answered_in_order(Delivery delivery) {
        WireFrame[] pings = new WireFrame[100];
        WireFrame[] pongs = new WireFrame[100];
        Arrays.setAll(pings, i -> ping("ping " + i));
        Arrays.setAll(pongs, i -> pong("ping " + i));
        closeNormally(open(delivery).send(pings).expect(pongs));
    }

    @ParameterizedTest
    @EnumSource
    void an_unsolicited_pong_is_ignored(Delivery delivery) {
        closeNormally(open(delivery)
                .send(pong(""), pong("unasked"), frame(PONG, randomBytes(125)), ping("p"), pong("p"), text("t"))
                .expect(pong("p"), text("t")));
    }

    @ParameterizedTest
    @ValueSource(ints = {CLOSE, PING, PONG})
    void a_control_frame_has_at_most_125_bytes(int opcode) {
        for (Delivery delivery : Delivery.values()) {
            expectProtocolError(delivery, frame(opcode, new byte[126]));
            expectProtocolError(delivery, frame(opcode, new byte[65_536]));
            expectProtocolError(delivery, frame(opcode, new byte[2]).lengthIn(16));
            expectProtocolError(delivery, frame(opcode, new byte[2]).lengthIn(64));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {CLOSE, PING, PONG})
    void a_control_frame_must_not_be_fragmented(int opcode) {
        for (Delivery delivery : Delivery.values()) {
            expectProtocolError(delivery, frame(opcode, new byte[0]).unfinished());
            expectProtocolError(
                    delivery, text("a").unfinished(), frame(opcode, new byte[0]).unfinished());
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_answered_after_a_close_frame(Delivery delivery) {
        open(delivery)
                .send(close(1000), ping("late"), text("late"), text("bad").reserved(7))
                .expect(close(1000))
                .expectEnd()
                .close();
        org.assertj.core.api.Assertions.assertThat(server().observer.awaitEnd().cause())
                .isEqualTo(CloseCause.CLIENT);
    }

    private void expectProtocolError(Delivery delivery, WireFrame... frames) {
        expectFailure(delivery, 1002, CloseCause.PROTOCOL_ERROR, frames);
    }
}
