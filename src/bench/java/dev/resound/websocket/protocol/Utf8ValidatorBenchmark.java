package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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

/** The UTF-8 check of a whole message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Utf8ValidatorBenchmark {

    @Param({"64", "1024", "65536"})
    int size;

    /** Or characters of one to four bytes. */
    @Param({"true", "false"})
    boolean ascii;

    private final Utf8Validator validator = new Utf8Validator();
    private ByteBuf payload = Unpooled.EMPTY_BUFFER;
    private int octets;

    @Setup
    public void prepare() {
        byte[] unit = (ascii ? "ASCII" : "aé€😀bc").getBytes(StandardCharsets.UTF_8);
        payload = Unpooled.directBuffer(size);
        while (payload.writerIndex() + unit.length <= size) {
            payload.writeBytes(unit);
        }
        octets = payload.writerIndex();
    }

    @Benchmark
    public Utf8Validator check() {
        validator.check(payload, 0, octets);
        validator.checkEnd();
        return validator;
    }
}
