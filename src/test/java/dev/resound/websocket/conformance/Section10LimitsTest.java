package dev.resound.websocket.conformance;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.continuation;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Delivery;
import dev.resound.test.OnEveryTransportAndTheCore;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 6455 section 10.4: limits. */
@OnEveryTransportAndTheCore
class Section10LimitsTest extends Conformance {

    private static final int MAX = 100_000;

    Section10LimitsTest() {
        super("max-frame-size", MAX + "B");
    }

    @ParameterizedTest
    @EnumSource
    void a_frame_of_the_maximum_size_is_echoed(Delivery delivery) {
        WireClient client = open(delivery).sendMeanwhile(binary(randomBytes(MAX)));
        assertThat(client.readMessage(WireFrame.BINARY)).isEqualTo(randomBytes(MAX));
        closeNormally(client);
    }

    @ParameterizedTest
    @EnumSource
    void a_frame_that_is_one_byte_larger_is_too_big(Delivery delivery) {
        expectFailure(delivery, 1009, CloseCause.TOO_BIG, binary(new byte[MAX + 1]));
        expectFailure(delivery, 1009, CloseCause.TOO_BIG, text("a").unfinished(), continuation(new byte[MAX + 1]));
    }

    @Test
    void a_frame_is_rejected_as_too_big_before_its_payload_arrives() {
        for (long length : new long[] {MAX + 1, 1L << 31, 1L << 32, (1L << 32) + 5, Long.MAX_VALUE}) {
            byte[] header = binary(new byte[0]).header(length);
            expectFailure(
                    Delivery.ONE_WRITE, 1009, CloseCause.TOO_BIG, java.util.Arrays.copyOf(header, header.length - 4));
        }
    }

    @Test
    void a_message_of_many_frames_has_no_limit() {
        try (WireClient client = open(Delivery.ONE_WRITE)) {
            byte[] payload = letters(MAX);
            for (int i = 0; i < 10; i++) {
                client.sendMeanwhile((i == 0 ? text(payload) : continuation(payload)).fin(i == 9));
                for (int read = 0; read < MAX; ) {
                    read += client.read().payload().length;
                }
            }
            closeNormally(client);
        }
    }
}
