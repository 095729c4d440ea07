package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.DataInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One frame that is larger than the memory of the service: one GiB, or {@code -Dhuge.mebibytes=…}. */
@Timeout(300)
class HugeFrameIT {

    private static final long BYTES = Long.getLong("huge.mebibytes", 1024) * 1024 * 1024;
    private static final int CHUNK = 64 * 1024;
    private static final long MOST_MEMORY = 64L * 1024 * 1024;

    @Test
    void a_single_frame_of_a_gibibyte_is_echoed_in_constant_memory() throws Exception {
        try (var server = ObservedServer.start("max-frame-size", "0B", "keep-alive-interval", "0s");
                WireClient client = server.open()) {
            long before = directMemory();
            Thread sender = Thread.ofPlatform().start(() -> send(client));
            long most = 0;
            long received = 0;
            var in = new DataInputStream(client.in());
            for (boolean fin = false; !fin; ) {
                int first = in.readUnsignedByte();
                fin = (first & 0x80) != 0;
                assertThat(first & 0x7F).isEqualTo(received == 0 ? WireFrame.BINARY : WireFrame.CONTINUATION);
                received += readPayload(in, received);
                most = Math.max(most, directMemory() - before);
            }
            sender.join();
            assertThat(received).isEqualTo(BYTES);
            assertThat(most).isLessThan(MOST_MEMORY);
            assertThat(server.observer.sent).hasValue(1);
            assertThat(server.observer.sentBytes).hasValue(BYTES);
            client.send(WireFrame.close(1000)).expect(WireFrame.close(1000)).expectEnd();
        }
    }

    /** The masking key is zero, so the bytes sent equal the echo. */
    private static void send(WireClient client) {
        client.send(WireFrame.binary(new byte[0]).maskedWith(0).header(BYTES));
        byte[] chunk = new byte[CHUNK];
        for (long sent = 0; sent < BYTES; sent += CHUNK) {
            chunk[0] = (byte) (sent / CHUNK);
            client.send(chunk);
        }
    }

    private static int readPayload(DataInputStream in, long position) throws IOException {
        int length = in.readUnsignedByte();
        length = length == 126 ? in.readUnsignedShort() : length == 127 ? (int) in.readLong() : length;
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            long at = position + i;
            if (payload[i] != (at % CHUNK == 0 ? (byte) (at / CHUNK) : 0)) {
                throw new AssertionError("byte " + at + " is not what was sent");
            }
        }
        return length;
    }

    private static long directMemory() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                ? provider.metric().usedDirectMemory()
                : io.netty.util.internal.PlatformDependent.usedDirectMemory();
    }
}
