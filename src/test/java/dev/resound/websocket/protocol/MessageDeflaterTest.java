package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7692 section 7.2.1. */
class MessageDeflaterTest {

    private static final byte[] HELLO = "Hello".getBytes(StandardCharsets.US_ASCII);

    private final CompressorPool pool = new CompressorPool();

    private MessageDeflater deflater(boolean contextTakeover, int windowBits) {
        return new MessageDeflater(
                new Compression(new DeflateParameters(contextTakeover, true, windowBits, 1), pool),
                ByteBufAllocator.DEFAULT);
    }

    /** The frame as sent. */
    private static byte[] written(MessageDeflater deflater, Opcode opcode, boolean fin, byte[] payload) {
        List<ByteBuf> out = new ArrayList<>();
        var frame = new DataFrame().set(opcode, fin, true, true);
        var run = new CoalescingWriter(out::add);
        deflater.write(frame.payload(Unpooled.wrappedBuffer(payload), 0, payload.length, 0), run);
        run.flushSlice();
        ByteBuf all = Unpooled.wrappedBuffer(out.toArray(ByteBuf[]::new));
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes).release();
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    @Test
    void a_message_is_marked_as_compressed_and_omits_the_end_of_its_flush() {
        assertThat(hex(written(deflater(true, 15), Opcode.TEXT, true, HELLO))).isEqualTo("c1 07 f2 48 cd c9 c9 07 00");
    }

    @Test
    void a_second_message_refers_to_the_first_one() {
        var deflater = deflater(true, 15);
        written(deflater, Opcode.TEXT, true, HELLO);
        assertThat(hex(written(deflater, Opcode.TEXT, true, HELLO))).isEqualTo("c1 05 f2 00 11 00 00");
    }

    @Test
    void without_context_takeover_no_message_refers_to_another() {
        var deflater = deflater(false, 15);
        byte[] first = written(deflater, Opcode.TEXT, true, HELLO);
        assertThat(written(deflater, Opcode.TEXT, true, HELLO)).isEqualTo(first);
    }

    @Test
    void without_context_takeover_connections_take_turns_with_one_compressor_between_their_messages() {
        var other = deflater(false, 15);
        byte[] whole = written(deflater(false, 15), Opcode.TEXT, true, HELLO);
        Deflater shared = pool.deflater();
        pool.free(shared);
        var deflater = deflater(false, 15);
        byte[] first = written(deflater, Opcode.TEXT, false, HELLO);
        assertThat(pool.deflater()).as("while the message goes on").isNotSameAs(shared);
        assertThat(written(other, Opcode.TEXT, true, HELLO)).isEqualTo(whole);
        assertThat(written(deflater, Opcode.CONTINUATION, true, HELLO)).hasSizeLessThan(first.length);
        assertThat(written(other, Opcode.TEXT, true, HELLO)).isEqualTo(whole);
    }

    @Test
    void only_the_first_frame_is_marked_and_only_the_last_one_omits_the_end_of_its_flush() {
        var deflater = deflater(true, 15);
        assertThat(hex(written(deflater, Opcode.TEXT, false, HELLO)))
                .isEqualTo("41 0b f2 48 cd c9 c9 07 00 00 00 ff ff");
        assertThat(hex(written(deflater, Opcode.CONTINUATION, true, HELLO))).startsWith("80 05 ");
    }

    @Test
    void an_empty_last_frame_is_one_octet() {
        var deflater = deflater(true, 15);
        assertThat(hex(written(deflater, Opcode.BINARY, true, new byte[0]))).isEqualTo("c2 01 00");
        written(deflater, Opcode.TEXT, false, HELLO);
        assertThat(hex(written(deflater, Opcode.CONTINUATION, true, new byte[0])))
                .isEqualTo("80 01 00");
    }

    /**
     * A block repeats at a distance and is otherwise incompressible, so it shrinks only if the window includes that
     * distance.
     */
    @ParameterizedTest
    @CsvSource({"15, true", "12, false", "9, false", "8, false"})
    void no_message_refers_beyond_a_smaller_window(int bits, boolean refersBack) throws DataFormatException {
        byte[] block = new byte[8000];
        new Random(7).nextBytes(block);
        var deflater = deflater(true, bits);
        var inflater = new Inflater(true);
        int first = message(deflater, inflater, block);
        int second = message(deflater, inflater, block);
        assertThat(second < first / 10).isEqualTo(refersBack);
        inflater.end();
        deflater.release();
    }

    @Test
    void the_largest_window_is_never_forgotten() throws DataFormatException {
        byte[] block = noise(1, 20_000);
        var deflater = deflater(true, 15);
        var inflater = new Inflater(true);
        int first = message(deflater, inflater, block);
        assertThat(message(deflater, inflater, block)).isLessThan(first / 10);
        inflater.end();
        deflater.release();
    }

    @Test
    void a_message_of_several_windows_does_not_refer_beyond_one() throws DataFormatException {
        byte[] message = new byte[3 * 4096];
        byte[] half = noise(2, message.length / 2);
        System.arraycopy(half, 0, message, 0, half.length);
        System.arraycopy(half, 0, message, half.length, half.length);
        var deflater = deflater(true, 12);
        var inflater = new Inflater(true);
        assertThat(message(deflater, inflater, message)).isGreaterThan(message.length);
        inflater.end();
        deflater.release();
    }

    @Test
    void several_messages_together_do_not_refer_beyond_a_window() throws DataFormatException {
        var deflater = deflater(true, 12);
        var inflater = new Inflater(true);
        for (int i = 0; i < 12; i++) { // The same again after 6000 bytes.
            assertThat(message(deflater, inflater, noise(i % 3, 2000))).isGreaterThan(1900);
        }
        inflater.end();
        deflater.release();
    }

    @Test
    void a_message_that_shrinks_takes_less_memory_than_it_has_bytes() {
        var allocator = new UnpooledByteBufAllocator(true, true);
        var deflater = new MessageDeflater(new Compression(new DeflateParameters(true, true, 15, 1), pool), allocator);
        var run = new CoalescingWriter(ByteBuf::release);
        deflater.write(
                new DataFrame()
                        .set(Opcode.BINARY, true, false, true)
                        .payload(Unpooled.wrappedBuffer(new byte[100_000]), 0, 100_000, 0),
                run);
        assertThat(allocator.metric().usedDirectMemory()).isLessThan(100_000);
        run.flushOwned();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        deflater.release();
    }

    private static byte[] noise(long seed, int length) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    @Test
    void whatever_goes_in_comes_out_of_another_inflater() throws DataFormatException {
        var random = new Random(11);
        for (int bits = 8; bits <= 15; bits++) {
            var deflater = deflater(true, bits);
            var inflater = new Inflater(true);
            for (int i = 0; i < 100; i++) {
                byte[] payload = new byte[random.nextInt(3000)];
                for (int j = 0; j < payload.length; j++) {
                    payload[j] = (byte) random.nextInt(1 + i);
                }
                message(deflater, inflater, payload);
            }
            inflater.end();
            deflater.release();
        }
    }

    /** Sends a message in one frame, inflates it, and returns its compressed length. */
    private static int message(MessageDeflater deflater, Inflater inflater, byte[] payload) throws DataFormatException {
        byte[] frame = written(deflater, Opcode.BINARY, true, payload);
        int header = (frame[1] & 0x7F) == 126 ? 4 : 2;
        var compressed = new ByteArrayOutputStream();
        compressed.write(frame, header, frame.length - header);
        compressed.writeBytes(new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF});
        inflater.setInput(compressed.toByteArray());
        byte[] out = new byte[payload.length + 1];
        int octets = 0;
        while (!inflater.needsInput()) {
            octets += inflater.inflate(out, octets, out.length - octets);
        }
        assertThat(out).startsWith(payload);
        assertThat(octets).isEqualTo(payload.length);
        return frame.length - header;
    }
}
