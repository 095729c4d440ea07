package dev.resound.websocket.conformance;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.continuation;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;

import dev.resound.test.Delivery;
import dev.resound.test.OnEveryTransportAndTheCore;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** RFC 6455 section 8.1 with RFC 3629: text is UTF-8, and what cannot be is refused as soon as it is seen. */
@OnEveryTransportAndTheCore
class Section8Utf8Test extends Conformance {

    private static final String[] VALID = {
        "68656c6c6f24776f726c64",
        "68656c6c6fc2a2776f726c64",
        "68656c6c6fe282ac776f726c64",
        "68656c6c6ff0a4ada2776f726c64",
        "cebae1bdb9cf83cebcceb5",
        "00",
        "7f",
        "c280",
        "dfbf",
        "e0a080",
        "ed9fbf",
        "ee8080",
        "efbfbd",
        "efbfbe",
        "efbfbf",
        "f0908080",
        "f0aFbFbE",
        "f3bfbfbf",
        "f48fbfbf",
    };

    private static final String[] INVALID = {
        "80",
        "bf",
        "80bf",
        "c080",
        "c0af",
        "c1bf",
        "c020",
        "c3",
        "c328",
        "e0",
        "e080",
        "e08080",
        "e080af",
        "e09fbf",
        "e282",
        "e28228",
        "eda080",
        "edadbf",
        "edae80",
        "edafbf",
        "edb080",
        "edbfbf",
        "eda080edb080",
        "edafbfedbfbf",
        "f08080",
        "f0808080",
        "f08080af",
        "f08fbfbf",
        "f0a4ad",
        "f4908080",
        "f5",
        "f5808080",
        "f7bfbfbf",
        "f888808080",
        "fbbfbfbfbf",
        "fc8480808080",
        "fdbfbfbfbfbf",
        "fe",
        "ff",
        "fefeffff",
        "cebae1bdb9cf83cebcceb5eda080656469746564",
        "cebae1bdb9cf83cebcceb5f4908080656469746564",
        "48656c6c6f2de1"
    };

    static Stream<Arguments> valid() {
        return each(VALID);
    }

    static Stream<Arguments> invalid() {
        return each(INVALID);
    }

    private static Stream<Arguments> each(String[] payloads) {
        return Arrays.stream(payloads)
                .flatMap(hex -> Arrays.stream(Delivery.values()).map(delivery -> Arguments.of(hex, delivery)));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void valid_text_is_echoed_whole_and_in_fragments_of_one_byte(String hex, Delivery delivery) {
        byte[] payload = HexFormat.of().parseHex(hex);
        WireFrame[] fragments = fragments(payload);
        closeNormally(open(delivery)
                .send(text(payload))
                .expect(text(payload))
                .send(fragments)
                .expect(fragments));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void invalid_text_fails_the_connection_with_1007(String hex, Delivery delivery) {
        byte[] payload = HexFormat.of().parseHex(hex);
        expectInvalid(delivery, text(payload));
        expectInvalid(delivery, fragments(payload));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void the_same_bytes_are_echoed_as_binary(String hex, Delivery delivery) {
        byte[] payload = HexFormat.of().parseHex(hex);
        closeNormally(open(delivery).send(binary(payload)).expect(binary(payload)));
    }

    @ParameterizedTest
    @EnumSource
    void a_code_point_may_be_split_across_fragments_with_pings_in_between(Delivery delivery) {
        closeNormally(open(delivery)
                .send(
                        text(bytes(0xF0)).unfinished(),
                        ping("1"),
                        continuation(bytes(0x9F)).unfinished(),
                        continuation("").unfinished(),
                        ping("2"),
                        continuation(bytes(0x98, 0x80)))
                .expect(
                        text(bytes(0xF0)).unfinished(),
                        pong("1"),
                        continuation(bytes(0x9F)).unfinished(),
                        continuation("").unfinished(),
                        pong("2"),
                        continuation(bytes(0x98, 0x80))));
    }

    @Test
    void a_code_point_may_be_split_by_the_receive_buffer() {
        byte[] payload = ("x".repeat(4095) + "\u20ac".repeat(5000)).getBytes(StandardCharsets.UTF_8);
        WireClient client = open(Delivery.ONE_WRITE).send(text(payload));
        org.assertj.core.api.Assertions.assertThat(client.readMessage(WireFrame.TEXT))
                .isEqualTo(payload);
        closeNormally(client);
    }

    @ParameterizedTest
    @EnumSource
    void a_message_must_not_end_inside_a_code_point(Delivery delivery) {
        expectInvalid(delivery, text(bytes(0xC3)));
        expectInvalid(delivery, text(bytes('a', 0xE2, 0x82)));
        expectInvalid(delivery, text(bytes(0xF0, 0x9F)).unfinished(), continuation(bytes(0x98)));
        expectInvalid(delivery, text(bytes(0xF0, 0x9F)).unfinished(), continuation(""));
    }

    @ParameterizedTest
    @EnumSource
    void each_message_is_validated_separately(Delivery delivery) {
        expectInvalid(delivery, text("\u00e4"), binary(bytes(0xC3)), text(bytes(0xA4)));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void an_impossible_byte_is_rejected_before_the_rest_of_its_frame_arrives(String hex) {
        byte[] start = HexFormat.of().parseHex(hex);
        byte[] frame = text(Arrays.copyOf(start, 1000)).bytes();
        for (Delivery delivery : Delivery.values()) {
            expectFailure(delivery, 1007, CloseCause.INVALID_PAYLOAD, Arrays.copyOf(frame, 8 + start.length));
        }
    }

    static Stream<String> impossible() {
        return Stream.of(
                "ff", "80", "c0", "c328", "e080", "eda0", "f08f", "f490", "cebae1bdb9cf83cebcceb5f490", "6162c3c3");
    }

    @Test
    void an_impossible_byte_is_rejected_before_later_fragments_arrive() {
        WireClient client = open(Delivery.ONE_WRITE);
        client.send(text(bytes(0xCE, 0xBA, 0xE1)).unfinished())
                .expect(text(bytes(0xCE, 0xBA, 0xE1)).unfinished());
        client.send(continuation(bytes(0xC0)).unfinished()).expectFailure(1007).close();
        org.assertj.core.api.Assertions.assertThat(server().observer.awaitEnd().cause())
                .isEqualTo(CloseCause.INVALID_PAYLOAD);
    }

    private void expectInvalid(Delivery delivery, WireFrame... frames) {
        expectFailure(delivery, 1007, CloseCause.INVALID_PAYLOAD, frames);
    }

    private static WireFrame[] fragments(byte[] payload) {
        WireFrame[] frames = new WireFrame[payload.length];
        Arrays.setAll(
                frames,
                i -> (i == 0 ? text(bytes(payload[i])) : continuation(bytes(payload[i]))).fin(i == payload.length - 1));
        return frames;
    }
}
