package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Conversation;
import dev.resound.test.LeakWatch;
import dev.resound.test.ObservedServer;
import dev.resound.test.OnEveryTransport;
import dev.resound.test.Pieces;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every valid conversation is echoed, however it is fragmented and split: types, bytes, message boundaries and the
 * order of pongs. {@code -Dseed=…} replays one.
 */
@OnEveryTransport
@Timeout(120)
record RandomEchoTest(TestTransport transport) {

    private static final int CONVERSATIONS = Integer.getInteger("conversations", 40);
    private static final int PIECE = 4096;
    private static final Pieces PIECES = new Pieces(PIECE);

    @Test
    void every_valid_conversation_is_echoed() {
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

    private static void play(ObservedServer server, long seed) {
        try (WireClient client = server.open()) {
            var random = new Random(seed);
            List<WireFrame> frames = Conversation.random(random, 40, () -> size(random));
            Thread writer =
                    Thread.ofPlatform().start(() -> Conversation.send(client, Conversation.wire(frames), random));
            expectEcho(client, frames);
            writer.join();
            client.send(WireFrame.close(1000)).expect(WireFrame.close(1000)).expectEnd();
        } catch (AssertionError | RuntimeException | InterruptedException e) {
            throw new AssertionError("play again with -Dseed=" + seed, e);
        }
        assertThat(server.observer.awaitEnd().cause()).isEqualTo(CloseCause.CLIENT);
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

    private static void expectEcho(WireClient client, List<WireFrame> frames) {
        Queue<WireFrame> due = new ArrayDeque<>(frames);
        due.removeIf(frame -> frame.opcode() == WireFrame.PONG);
        while (!due.isEmpty()) {
            WireFrame frame = due.remove();
            if (frame.opcode() == WireFrame.PING) {
                client.expect(WireFrame.frame(WireFrame.PONG, frame.payload()));
            } else {
                PIECES.expect(client, frame);
            }
        }
    }
}
