package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One read, with all its frames, through the decoder: header, mask, UTF-8 where it is text, and the sink. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameDecoderBenchmark {

    private static final int PIECE = 1 << 16;

    /** Leaves ASCII what is ASCII: each decoding masks again what the last one has unmasked, and has to be valid. */
    private static final int KEY = 0x0102_0304;

    @Param({"1", "16"})
    int frames;

    @Param({"64", "1024", "65536"})
    int size;

    @Param({"true", "false"})
    boolean text;

    private final CountingSink sink = new CountingSink();
    private final FrameDecoder decoder = new FrameDecoder(sink, PIECE, 0, UnpooledByteBufAllocator.DEFAULT);
    private ByteBuf read = Unpooled.EMPTY_BUFFER;

    @Setup
    public void prepare() {
        read = Unpooled.directBuffer();
        for (int i = 0; i < frames; i++) {
            read.writeByte(0x80 | (text ? 1 : 2));
            writeLength(read, size);
            read.writeInt(KEY).writeBytes("x".repeat(size).getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Benchmark
    public long decode() {
        decoder.decode(read.readerIndex(0));
        return sink.octets;
    }

    private static void writeLength(ByteBuf out, int size) {
        if (size < 126) {
            out.writeByte(0x80 | size);
        } else if (size < 65_536) {
            out.writeByte(0x80 | 126).writeShort(size);
        } else {
            out.writeByte(0x80 | 127).writeLong(size);
        }
    }

    private static final class CountingSink implements FrameSink {

        private long octets;

        @Override
        public void onData(DataFrame frame) {
            octets += frame.length();
        }

        @Override
        public void onPing(byte[] payload) {}

        @Override
        public void onPong(byte[] payload) {}

        @Override
        public void onClose(int code, byte[] payload) {}
    }
}
