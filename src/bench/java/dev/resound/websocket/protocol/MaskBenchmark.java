package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Unmasking, in place. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MaskBenchmark {

    @Param({"64", "1024", "65536"})
    int size;

    private ByteBuf payload = Unpooled.EMPTY_BUFFER;

    @Setup
    public void prepare() {
        payload = Unpooled.directBuffer(size).writeZero(size);
    }

    @Benchmark
    public ByteBuf apply() {
        Mask.apply(0x5A17_C36E, payload, 0, size);
        return payload;
    }
}
