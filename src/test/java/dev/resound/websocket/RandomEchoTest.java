package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.LeakWatch;
import dev.resound.test.ObservedServer;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
import io.vertx.core.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Any conversation that keeps the protocol comes back: types, bytes, message boundaries and the order of pongs, however it is
 * fragmented and cut. {@code -Dseed=…} plays one again.
 */
@Timeout(120)
class RandomEchoTest {

    private static final int CONVERSATIONS = Integer.getInteger("conversations", 40);
    private static final int PIECE = 4096;

    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL", "IO_URING"})
    void every_conversation_comes_back(TransportChoice choice) {
        Transport transport = available(choice);
        long seed = Long.getLong("seed", System.nanoTime());
        LeakWatch.over(() -> {
            try (var server = ObservedServer.start(transport, "max-frame-size", "0B")) {
                for (int i = 0; i < CONVERSATIONS; i++) {
                    play(server, seed + i);
                }
                assertThat(server.observer.sent).hasValue(server.observer.received.get());
                assertThat(server.observer.sentBytes).hasValue(server.observer.receivedBytes.get());
            }
        });
    }

    private static Transport available(TransportChoice choice) {
        try {
            return Transports.select(choice);
        } catch (RuntimeException absent) {
            Assumptions.abort(String.valueOf(absent.getMessage()));
            throw absent;
        }
    }

    private static void play(ObservedServer server, long seed) {
        try (WireClient client = server.open()) {
            var random = new Random(seed);
            List<WireFrame> frames = conversation(random);
            Thread writer = Thread.ofPlatform().start(() -> send(client, frames, random));
            expectEcho(client, frames);
            writer.join();
            client.send(WireFrame.close(1000)).expect(WireFrame.close(1000)).expectEnd();
        } catch (AssertionError | RuntimeException | InterruptedException e) {
            throw new AssertionError("play again with -Dseed=" + seed, e);
        }
        assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.CLIENT);
    }

    private static List<WireFrame> conversation(Random random) {
        List<WireFrame> frames = new ArrayList<>();
        int messages = 1 + random.nextInt(40);
        for (int m = 0; m < messages; m++) {
            boolean text = random.nextBoolean();
            byte[] payload = text ? text(random) : bytes(random, size(random));
            int fragments = random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 1;
            int from = 0;
            for (int f = 0; f < fragments; f++) {
                int to = f == fragments - 1 ? payload.length : from + random.nextInt(payload.length - from + 1);
                byte[] part = Arrays.copyOfRange(payload, from, to);
                int opcode = f > 0 ? WireFrame.CONTINUATION : text ? WireFrame.TEXT : WireFrame.BINARY;
                frames.add(WireFrame.frame(opcode, part).fin(f == fragments - 1).maskedWith(random.nextInt()));
                from = to;
                while (random.nextInt(4) == 0) {
                    int control = random.nextInt(4) == 0 ? WireFrame.PONG : WireFrame.PING;
                    frames.add(WireFrame.frame(control, bytes(random, random.nextInt(126)))
                            .maskedWith(random.nextInt()));
                }
            }
        }
        return frames;
    }

    private static int size(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1, 2, 3, 4 -> random.nextInt(126);
            case 5, 6 -> random.nextInt(PIECE + 2);
            case 7 -> PIECE - 1 + random.nextInt(3);
            case 8 -> random.nextInt(70_000);
            default -> random.nextInt(300_000) / (1 + random.nextInt(20));
        };
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(Random random) {
        int[] codePoints = random.ints(size(random) / 2, 0, 4)
                .map(range -> switch (range) {
                    case 0 -> random.nextInt(0x80);
                    case 1 -> 0x80 + random.nextInt(0x780);
                    case 2 -> 0xE000 + random.nextInt(0x2000);
                    default -> 0x10000 + random.nextInt(0x100000);
                })
                .toArray();
        return new String(codePoints, 0, codePoints.length).getBytes(StandardCharsets.UTF_8);
    }

    private static void send(WireClient client, List<WireFrame> frames, Random random) {
        var out = new ByteArrayOutputStream();
        frames.forEach(frame -> out.writeBytes(frame.bytes()));
        byte[] all = out.toByteArray();
        int most = 1 << random.nextInt(4, 18);
        for (int from = 0, to; from < all.length; from = to) {
            to = Math.min(all.length, from + 1 + random.nextInt(most));
            client.send(Arrays.copyOfRange(all, from, to));
        }
    }

    private static void expectEcho(WireClient client, List<WireFrame> frames) {
        Queue<WireFrame> due = new ArrayDeque<>(frames);
        due.removeIf(frame -> frame.opcode() == WireFrame.PONG);
        while (!due.isEmpty()) {
            WireFrame frame = due.remove();
            if (frame.opcode() == WireFrame.PING) {
                client.expect(WireFrame.frame(WireFrame.PONG, frame.payload()));
            } else {
                expectPieces(client, frame);
            }
        }
    }

    /** A frame that fits the receive buffer comes back as it is, a larger one in pieces. */
    private static void expectPieces(WireClient client, WireFrame frame) {
        byte[] payload = frame.payload();
        int opcode = frame.opcode();
        int from = 0;
        do {
            int to = Math.min(payload.length, from + PIECE);
            client.expect(WireFrame.frame(opcode, Arrays.copyOfRange(payload, from, to))
                    .fin(frame.fin() && to == payload.length));
            opcode = WireFrame.CONTINUATION;
            from = to;
        } while (from < payload.length);
    }
}
