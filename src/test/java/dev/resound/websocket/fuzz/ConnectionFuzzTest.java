package dev.resound.websocket.fuzz;

import static dev.resound.test.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Conversation;
import dev.resound.test.LeakWatch;
import dev.resound.test.ObservedServer;
import dev.resound.test.Pieces;
import dev.resound.test.TestTransport;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import dev.resound.websocket.protocol.CloseCause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged conversations over a socket, split at random, with clients that end their side, disconnect or reset in
 * between. The server answers each exactly as the reference expects, and keeps nothing of it.
 */
@Timeout(3600)
class ConnectionFuzzTest {

    private static final int BATCH = 1000;
    private static final int PIECE = 512;
    private static final Reading.Rules RULES = new Reading.Rules(true, 8 * 1024);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CORE")
    void every_conversation_gets_exactly_the_expected_answer_and_leaves_nothing_behind(TestTransport transport) {
        var transports = List.copyOf(EnumSet.complementOf(EnumSet.of(TestTransport.CORE)));
        int parts = transports.size();
        int share = Math.max(1, Cases.count() / parts);
        int first = Cases.count() < parts ? 0 : share * transports.indexOf(transport);
        for (int from = first; from < first + share; from += BATCH) {
            int begin = from;
            int end = Math.min(first + share, from + BATCH);
            Cases.quietly(() -> LeakWatch.over(() -> {
                try (var server = ObservedServer.start(
                        transport, "receive-buffer-size", PIECE + "B", "max-frame-size", RULES.most() + "B")) {
                    settle(server, Cases.playAll(begin, end, random -> new Game(server, random).play()));
                }
            }));
        }
    }

    /** After a batch, the next connection works, every place is released, and every end has the expected cause. */
    private static void settle(ObservedServer server, List<Optional<CloseCause>> batch) {
        try (WireClient next = server.open()) {
            next.send(WireFrame.text("still here")).expect(WireFrame.text("still here"));
            next.send(WireFrame.close(1000)).expect(WireFrame.close(1000)).expectEnd();
        }
        Map<CloseCause, Integer> ends = new EnumMap<>(CloseCause.class);
        ends.put(CloseCause.CLIENT, -1);
        for (int i = 0; i < server.observer.opened.get(); i++) {
            ends.merge(server.observer.awaitEnd().cause(), 1, Integer::sum);
        }
        await("every place was released").until(() -> server.limits.open() == 0);
        assertThat(server.observer.timesClosed.values()).allMatch(times -> times.get() == 1);
        assertThat(ends).doesNotContainKey(CloseCause.ERROR);
        for (CloseCause cause : CloseCause.values()) {
            long sure =
                    batch.stream().filter(end -> end.equals(Optional.of(cause))).count();
            long unsure = batch.stream().filter(Optional::isEmpty).count();
            assertThat((long) ends.getOrDefault(cause, 0)).as(cause.label()).isBetween(sure, sure + unsure);
        }
    }

    /** One client. */
    private static final class Game {
        private final ObservedServer server;
        private final SplittableRandom random;
        private final byte[] frames;
        private final boolean atOnce;

        Game(ObservedServer server, SplittableRandom random) {
            this.server = server;
            this.random = random;
            this.frames = new Mutant(random).frames(6, random.nextInt(20) == 0 ? 9000 : 300);
            this.atOnce = random.nextInt(3) == 0;
        }

        /** Returns the cause that the connection must end with; empty if several are possible. */
        Optional<CloseCause> play() {
            try (WireClient client = server.connect()) {
                client.requestUpgrade();
                if (!atOnce) {
                    client.expectUpgrade();
                }
                if (random.nextInt(8) == 0) {
                    goAway(client);
                    return Optional.empty();
                }
                var expected = new Reading(frames, RULES);
                boolean over = expected.closed() || expected.violation() != 0;
                boolean halfCloses = !over || random.nextInt(3) == 0;
                SplittableRandom cuts = random.split();
                Thread.ofVirtual().name("fuzz-writer").start(() -> {
                    Conversation.send(client, frames, cuts);
                    if (halfCloses) {
                        client.shutdownOutput();
                    }
                });
                if (atOnce) {
                    client.expectUpgrade();
                }
                check(new Reading(client.readToEnd(), Reading.OF_SERVER), expected);
                return Optional.of(causeOf(expected));
            }
        }

        /** Disconnects at a random point. */
        private void goAway(WireClient client) {
            Conversation.send(client, Arrays.copyOf(frames, random.nextInt(frames.length + 1)), random);
            if (random.nextBoolean()) {
                client.reset();
            }
        }
    }

    private static void check(Reading answer, Reading sent) {
        assertThat(answer.violation()).as("the server breaks a rule").isZero();
        assertThat(answer.endsClean()).as("the server ends with a whole frame").isTrue();
        List<WireFrame> frames = new ArrayList<>(answer.frames());
        frames.removeIf(frame -> frame.opcode() == WireFrame.PING); // Keep-alive pings, if the machine is slow.
        if (sent.violation() != 0) {
            WireFrame last = frames.removeLast();
            assertThat(last.opcode()).isEqualTo(WireFrame.CLOSE);
            assertThat(last.closeCode()).isEqualTo(sent.violation());
            assertThat(last.closeReason()).isNotEmpty();
        }
        List<WireFrame> due = sent.frames().stream()
                .filter(frame -> frame.opcode() != WireFrame.PONG)
                .map(frame ->
                        frame.opcode() == WireFrame.PING ? WireFrame.frame(WireFrame.PONG, frame.payload()) : frame)
                .toList();
        WireFrame rest = sent.unfinished();
        if (rest == null) {
            new Pieces(PIECE).expectAll(frames, due);
        } else {
            new Pieces(PIECE).expectAll(frames, due, rest);
        }
    }

    private static CloseCause causeOf(Reading sent) {
        return switch (sent.violation()) {
            case 0 -> sent.closed() ? CloseCause.CLIENT : CloseCause.NETWORK;
            case 1007 -> CloseCause.INVALID_PAYLOAD;
            case 1009 -> CloseCause.TOO_BIG;
            default -> CloseCause.PROTOCOL_ERROR;
        };
    }
}
