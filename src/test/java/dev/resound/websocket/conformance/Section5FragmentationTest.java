package dev.resound.websocket.conformance;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.continuation;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Delivery;
import dev.resound.test.OnEveryTransportAndTheCore;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 6455 section 5.4: fragmentation. */
@OnEveryTransportAndTheCore
class Section5FragmentationTest extends Conformance {

    @ParameterizedTest
    @EnumSource
    void fragments_are_echoed_with_the_same_boundaries(Delivery delivery) {
        WireFrame[] frames = {text("frag").unfinished(), continuation("men").unfinished(), continuation("ted")};
        closeNormally(open(delivery).send(frames).expect(frames));
    }

    @ParameterizedTest
    @EnumSource
    void empty_fragments_are_echoed_wherever_they_occur(Delivery delivery) {
        WireFrame[] frames = {
            text("").unfinished(),
            continuation("").unfinished(),
            continuation("text").unfinished(),
            continuation(""),
            binary(new byte[0]).unfinished(),
            continuation(""),
            text("")
        };
        closeNormally(open(delivery).send(frames).expect(frames));
    }

    @ParameterizedTest
    @EnumSource
    void a_fragment_is_echoed_before_the_message_is_complete(Delivery delivery) {
        WireClient client = open(delivery);
        client.send(text("first").unfinished()).expect(text("first").unfinished());
        client.send(continuation("second").unfinished())
                .expect(continuation("second").unfinished());
        closeNormally(client.send(continuation("last")).expect(continuation("last")));
    }

    @ParameterizedTest
    @EnumSource
    void a_ping_between_fragments_is_answered_between_them(Delivery delivery) {
        closeNormally(open(delivery)
                .send(
                        text("one").unfinished(),
                        ping("p1"),
                        pong("unasked"),
                        continuation("two").unfinished(),
                        ping("p2"),
                        continuation("three"))
                .expect(
                        text("one").unfinished(),
                        pong("p1"),
                        continuation("two").unfinished(),
                        pong("p2"),
                        continuation("three")));
    }

    @ParameterizedTest
    @EnumSource
    void fragments_larger_than_the_receive_buffer_are_echoed_as_one_message(Delivery delivery) {
        byte[] payload = letters(10_000);
        WireClient client = open(delivery)
                .send(binary(payload).unfinished(), continuation(payload).unfinished(), continuation(payload));
        byte[] echoed = client.readMessage(WireFrame.BINARY);
        assertThat(echoed).hasSize(30_000).startsWith(payload).endsWith(payload);
        closeNormally(client);
    }

    @ParameterizedTest
    @EnumSource
    void a_continuation_must_follow_a_fragment(Delivery delivery) {
        expectProtocolError(delivery, continuation("alone"));
        expectProtocolError(delivery, continuation("alone").unfinished());
        expectProtocolError(delivery, continuation(""));
        expectProtocolError(delivery, text("whole"), continuation("alone"));
        expectProtocolError(delivery, text("a").unfinished(), continuation("b"), continuation("alone"));
        expectProtocolError(delivery, ping(""), continuation("alone"));
    }

    @ParameterizedTest
    @EnumSource
    void a_new_message_must_not_start_inside_another(Delivery delivery) {
        expectProtocolError(delivery, text("one").unfinished(), text("two"));
        expectProtocolError(delivery, text("one").unfinished(), binary(new byte[1]));
        expectProtocolError(
                delivery, binary(new byte[1]).unfinished(), text("two").unfinished());
        expectProtocolError(delivery, text("").unfinished(), ping(""), text(""));
    }

    private void expectProtocolError(Delivery delivery, WireFrame... frames) {
        expectFailure(delivery, 1002, CloseCause.PROTOCOL_ERROR, frames);
    }
}
