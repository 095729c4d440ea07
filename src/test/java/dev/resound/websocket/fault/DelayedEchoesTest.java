package dev.resound.websocket.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.protocol.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The delay of echoes, with a clock of its own. */
class DelayedEchoesTest {

    private static final long DELAY = 1000;
    /** The header of a text frame with a payload of two octets. */
    private static final byte[] HEADER = {(byte) 0x81, 2};

    private static final byte[] PAYLOAD = {'h', 'i'};

    private final List<Integer> written = new ArrayList<>();
    private long now;
    private boolean memoryShort;
    private @Nullable Runnable timer;
    private long due;

    private final Transport transport = (Transport) Proxy.newProxyInstance(
            DelayedEchoesTest.class.getClassLoader(),
            new Class<?>[] {Transport.class},
            (proxy, called, arguments) -> switch (called.getName()) {
                case "nanoTime" -> now;
                case "isMemoryShort" -> memoryShort;
                case "schedule" -> {
                    due = now + (long) arguments[0];
                    timer = (Runnable) arguments[1];
                    yield new CompletableFuture<>();
                }
                case "write" -> {
                    ByteBuf bytes = (ByteBuf) arguments[0];
                    written.add(bytes.readableBytes());
                    bytes.release();
                    yield null;
                }
                case "flush" -> null;
                default -> throw new UnsupportedOperationException(called.toString());
            });

    private DelayedEchoes echoes(long jitter) {
        return new DelayedEchoes(transport, DELAY, jitter, () -> {});
    }

    private void fire() {
        now = due;
        Runnable task = timer;
        timer = null;
        if (task != null) {
            task.run();
        }
    }

    private static ByteBuf frame(int payload) {
        return Unpooled.buffer().writeByte(0x82).writeByte(payload).writeZero(payload);
    }

    @Test
    void each_echo_is_written_when_it_is_due() {
        DelayedEchoes echoes = echoes(0);
        echoes.add(frame(1));
        now = 400;
        echoes.add(frame(2));
        assertThat(due).isEqualTo(DELAY);
        fire();
        assertThat(written).containsExactly(3);
        assertThat(due).isEqualTo(DELAY + 400);
        fire();
        assertThat(written).containsExactly(3, 4);
        assertThat(echoes.isEmpty()).isTrue();
    }

    /** A control frame between the two would break the framing. */
    @Test
    void a_header_in_a_buffer_of_its_own_is_written_together_with_its_payload() {
        DelayedEchoes echoes = echoes(500);
        echoes.add(Unpooled.copiedBuffer(HEADER));
        now = 10;
        echoes.add(Unpooled.copiedBuffer(PAYLOAD));
        fire();
        assertThat(written).containsExactly(2, 2);
    }

    @Test
    void jitter_never_changes_the_order() {
        DelayedEchoes echoes = echoes(100_000);
        List<Integer> sizes = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            echoes.add(frame(i));
            sizes.add(i + 2);
            now++;
        }
        while (!echoes.isEmpty()) {
            fire();
        }
        assertThat(written).isEqualTo(sizes);
    }

    @Test
    void it_is_full_above_32_kib_where_each_echo_counts_as_256_bytes_at_least() {
        DelayedEchoes echoes = echoes(0);
        for (int i = 0; i < 128; i++) {
            echoes.add(frame(1));
        }
        assertThat(echoes.isFull()).isFalse();
        echoes.add(frame(1));
        assertThat(echoes.isFull()).isTrue();
        assertThat(echoes.bytes()).isEqualTo(129 * 3);
        echoes.releaseAll();
        assertThat(echoes.isFull()).isFalse();
        assertThat(echoes.bytes()).isZero();
    }

    @Test
    void while_memory_is_short_a_single_echo_is_too_much() {
        DelayedEchoes echoes = echoes(0);
        memoryShort = true;
        assertThat(echoes.isFull()).isFalse();
        echoes.add(frame(1));
        assertThat(echoes.isFull()).isTrue();
    }

    @Test
    void discarded_echoes_are_released_and_never_written() {
        DelayedEchoes echoes = echoes(0);
        ByteBuf frame = frame(1);
        echoes.add(frame);
        echoes.discard();
        assertThat(frame.refCnt()).isZero();
        assertThat(echoes.isEmpty()).isTrue();
        assertThat(written).isEmpty();
    }
}
