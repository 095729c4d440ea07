package dev.resound.websocket.conformance;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.continuation;
import static dev.resound.test.WireFrame.ping;
import static dev.resound.test.WireFrame.pong;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** permessage-deflate on the wire, with compression enabled. */
@OnEveryTransport
class Rfc7692CompressionTest extends Conformance {

    private static final int RSV1 = 4;
    private static final String[] SETTINGS = {"compression", "true", "deflate.max-message-size", "1MiB"};
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";

    Rfc7692CompressionTest() {
        super(SETTINGS);
    }

    private WireClient open() {
        WireClient client = server().open(OFFER);
        assertThat(client.head()).containsIgnoringCase("sec-websocket-extensions: permessage-deflate");
        return client;
    }

    private static byte[] hex(String digits) {
        return HexFormat.ofDelimiter(" ").parseHex(digits);
    }

    /** The compressed payload of a message, made by the JDK and not by the service. */
    private static byte[] deflated(byte[] payload) {
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(payload);
        var out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int octets = -1; octets != 0; ) {
            octets = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            out.write(buffer, 0, octets);
        }
        deflater.end();
        byte[] all = out.toByteArray();
        return Arrays.copyOf(all, all.length - 4);
    }

    private static byte[] inflated(byte[] payload) throws DataFormatException {
        var inflater = new Inflater(true);
        var in = new ByteArrayOutputStream();
        in.writeBytes(payload);
        in.writeBytes(hex("00 00 ff ff"));
        inflater.setInput(in.toByteArray());
        var out = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        while (!inflater.needsInput()) {
            out.write(buffer, 0, inflater.inflate(buffer));
        }
        inflater.end();
        return out.toByteArray();
    }

    private String echo(WireFrame... message) throws DataFormatException {
        try (WireClient client = open()) {
            WireFrame first = client.sendMeanwhile(message).read();
            assertThat(first.opcode()).isEqualTo(WireFrame.TEXT);
            var payload = new ByteArrayOutputStream();
            payload.writeBytes(first.payload());
            for (WireFrame last = first; !last.fin(); ) {
                last = client.read();
                assertThat(last).matches(frame -> frame.opcode() == WireFrame.CONTINUATION);
                payload.writeBytes(last.payload());
            }
            return new String(inflated(payload.toByteArray()), StandardCharsets.UTF_8);
        }
    }

    /** The examples of sections 7.2.3.1 to 7.2.3.5. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "f2 48 cd c9 c9 07 00",
                "00 05 00 fa ff 48 65 6c 6c 6f 00",
                "f3 48 cd c9 c9 07 00 00",
                "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"
            })
    void every_encoding_of_hello_is_echoed_as_hello(String payload) throws DataFormatException {
        assertThat(echo(text(hex(payload)).reserved(RSV1))).isEqualTo("Hello");
    }

    @Test
    void a_compressed_message_may_be_fragmented_anywhere() throws DataFormatException {
        byte[] whole = hex("f2 48 cd c9 c9 07 00");
        for (int cut = 0; cut <= whole.length; cut++) {
            byte[] front = Arrays.copyOf(whole, cut);
            byte[] back = Arrays.copyOfRange(whole, cut, whole.length);
            assertThat(echo(text(front).reserved(RSV1).unfinished(), continuation(back)))
                    .isEqualTo("Hello");
        }
    }

    @Test
    void a_message_may_refer_to_an_earlier_one() {
        try (WireClient client = open()) {
            client.send(text(hex("f2 48 cd c9 c9 07 00")).reserved(RSV1))
                    .expect(text(hex("f2 48 cd c9 c9 07 00")).reserved(RSV1))
                    .send(text(hex("f2 00 11 00 00")).reserved(RSV1))
                    .expect(text(hex("f2 00 11 00 00")).reserved(RSV1));
        }
    }

    @Test
    void an_uncompressed_message_is_echoed_uncompressed() {
        try (WireClient client = open()) {
            client.send(text("Hello"), ping("p"), binary(new byte[0]))
                    .expect(text("Hello"), pong("p"), binary(new byte[0]));
        }
    }

    @Test
    void control_frames_pass_between_compressed_fragments() {
        byte[] whole = hex("f2 48 cd c9 c9 07 00");
        try (WireClient client = open()) {
            client.send(text(Arrays.copyOf(whole, 2)).reserved(RSV1).unfinished(), ping("p"));
            WireFrame first = client.read();
            assertThat(first.isControl() ? first : client.read()).isEqualTo(pong("p"));
        }
    }

    @Test
    void an_empty_message_is_echoed_empty() {
        try (WireClient client = open()) {
            client.send(binary(hex("00")).reserved(RSV1))
                    .expect(binary(hex("00")).reserved(RSV1));
        }
    }

    @Test
    void a_large_message_is_echoed_completely_in_pieces() throws DataFormatException {
        String large = "0123456789 äöü ".repeat(20_000);
        assertThat(echo(text(deflated(large.getBytes(StandardCharsets.UTF_8))).reserved(RSV1)))
                .isEqualTo(large);
    }

    @Test
    void a_message_that_inflates_beyond_the_limit_ends_the_connection_with_1009() {
        byte[] bomb = deflated(new byte[20 << 20]);
        assertThat(bomb.length).isLessThan(1 << 20);
        try (var server = ObservedServer.start(transport, SETTINGS)) {
            try (WireClient client = server.open(OFFER)) {
                client.sendInVain(binary(bomb).reserved(RSV1).bytes());
                client.expectFailure(1009);
            }
            assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.TOO_BIG);
        }
    }

    @Test
    void a_client_that_sends_highly_compressed_messages_does_not_block_the_event_loop() {
        byte[] message = binary(deflated(new byte[1 << 20])).reserved(RSV1).bytes();
        int messages = 40;
        var burst = new ByteArrayOutputStream();
        for (int i = 0; i < messages; i++) {
            burst.writeBytes(message);
        }
        try (WireClient greedy = open();
                WireClient other = open()) {
            long before = server().observer.received.get();
            // Asynchronously: over HTTP/2, the windows do not hold the whole burst.
            Thread.startVirtualThread(() -> greedy.send(burst.toByteArray()));
            other.send(text("Hello")).expect(text("Hello"));
            assertThat(server().observer.received.get() - before).isLessThan(messages);
            for (int i = 0; i < messages; i++) {
                greedy.readMessage(WireFrame.BINARY);
            }
        }
    }

    @Test
    void inflated_text_must_be_utf_8() {
        try (WireClient client = open()) {
            client.send(text(deflated(new byte[] {'a', (byte) 0xC3, (byte) 0x28}))
                            .reserved(RSV1))
                    .expectFailure(1007);
        }
        try (WireClient client = open()) {
            client.send(text(deflated(new byte[] {'a', (byte) 0xC3})).reserved(RSV1))
                    .expectFailure(1007);
        }
    }

    @Test
    void invalid_deflate_data_ends_the_connection_with_1007() {
        try (WireClient client = open()) {
            client.send(binary(hex("ff ff ff ff")).reserved(RSV1)).expectFailure(1007);
        }
    }

    @Test
    void only_the_first_frame_of_a_message_may_be_marked_as_compressed() {
        try (WireClient client = open()) {
            client.send(text("a").unfinished(), continuation("b").reserved(RSV1))
                    .expectFailure(1002);
        }
        try (WireClient client = open()) {
            client.send(ping("a").reserved(RSV1)).expectFailure(1002);
        }
    }

    @Test
    void the_other_reserved_bits_stay_reserved() {
        for (int bits : new int[] {1, 2, 3, 5, 6, 7}) {
            try (WireClient client = open()) {
                client.send(text("a").reserved(bits)).expectFailure(1002);
            }
        }
    }

    @Test
    void a_client_that_offers_nothing_must_not_compress() {
        try (WireClient client = server().open()) {
            assertThat(client.head()).doesNotContainIgnoringCase("sec-websocket-extensions");
            client.send(text(hex("f2 48 cd c9 c9 07 00")).reserved(RSV1)).expectFailure(1002);
        }
    }

    @Test
    void disabled_compression_is_not_negotiated() {
        try (var plain = ObservedServer.start(transport);
                WireClient client = plain.request(OFFER).expectUpgrade()) {
            assertThat(client.head()).doesNotContainIgnoringCase("sec-websocket-extensions");
        }
    }

    @Test
    void a_handshake_with_an_invalid_extensions_header_is_refused() {
        try (WireClient client = server().connect()) {
            client.requestUpgrade("Sec-WebSocket-Extensions: a b").expectStatus(400);
        }
    }
}
