package dev.resound.websocket.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Conversation;
import dev.resound.test.LeakWatch;
import dev.resound.test.MetricsPage;
import dev.resound.test.RunningResound;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged handshakes, followed by frames, at the public port of the whole service: every response is valid. */
@Timeout(3600)
class HandshakeFuzzTest {

    private static final int BATCH = 1000;
    /** Slightly more than the concurrent cases, so that a place that is not released is noticed. */
    private static final int PLACES = 100;

    /** The statuses that a public port may return; 500, an internal error, is not one of them. */
    private static final Set<Integer> STATUSES =
            Set.of(200, 304, 400, 403, 404, 405, 408, 413, 414, 426, 431, 501, 503);

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) [^\r\n]*\r\n");
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

    private static final String[] HEADERS = {
        "Origin: https://client.com",
        "Sec-WebSocket-Protocol: a, b",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        "User-Agent: Möbius/1.0",
        "Cookie: " + "x".repeat(300),
        "Content-Length: 0",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue"
    };

    @Test
    void every_handshake_gets_a_valid_response_and_leaves_nothing_behind() {
        int cases = Math.max(1, Cases.count() / 2);
        for (int from = 0; from < cases; from += BATCH) {
            int begin = from;
            int end = Math.min(cases, from + BATCH);
            Cases.quietly(() -> LeakWatch.over(() -> {
                try (var resound = RunningResound.start("websocket.max-connections", Integer.toString(PLACES))) {
                    Cases.playAll(begin, end, random -> play(resound, random));
                    settle(resound);
                }
            }));
        }
    }

    private static void settle(RunningResound resound) {
        try (WireClient next = WireClient.open(resound.port())) {
            next.send(WireFrame.text("still here")).expect(WireFrame.text("still here"));
            next.send(WireFrame.close(1000)).expect(WireFrame.close(1000)).expectEnd();
        }
        MetricsPage page = MetricsPage.await(
                resound,
                shown -> shown.sum("websocket_connections") == 0
                        && shown.value("websocket_handshakes_total{outcome=\"accepted\"}")
                                == shown.sum("websocket_connections_closed_total"));
        assertThat(page.value("websocket_connections_closed_total{cause=\"error\"}"))
                .isZero();
    }

    private static boolean play(RunningResound resound, SplittableRandom random) {
        byte[] request = handshake(random).getBytes(StandardCharsets.UTF_8);
        var mutant = new Mutant(random);
        byte[] frames = mutant.frames(3, 200);
        byte[] sent = Arrays.copyOf(request, request.length + frames.length);
        System.arraycopy(frames, 0, sent, request.length, frames.length);
        byte[] damaged = random.nextBoolean() ? mutant.bytes(sent) : damagedHead(mutant, request, frames);
        try (WireClient client = WireClient.tcp(resound.port())) {
            if (random.nextInt(8) == 0) {
                goAway(client, Arrays.copyOf(damaged, random.nextInt(damaged.length + 1)), random);
                return true;
            }
            SplittableRandom cuts = random.split();
            Thread.ofVirtual().name("fuzz-writer").start(() -> {
                try {
                    Conversation.send(client, damaged, cuts);
                    client.shutdownOutput();
                } catch (UncheckedIOException refused) {
                    // Only the response matters.
                }
            });
            checkLegal(answer(client));
            return true;
        }
    }

    private static void goAway(WireClient client, byte[] sent, SplittableRandom random) {
        try {
            Conversation.send(client, sent, random);
        } catch (UncheckedIOException refused) {
            // The server did not wait for the request.
        }
        if (random.nextBoolean()) {
            client.reset();
        }
    }

    private static byte[] answer(WireClient client) {
        try {
            return client.readToEnd();
        } catch (UncheckedIOException reset) {
            // HTTP closes with unread input, which causes a reset, and the reset may discard the response.
            return new byte[0];
        }
    }

    private static String handshake(SplittableRandom random) {
        String[] more = random.ints(random.nextInt(3), 0, HEADERS.length)
                .mapToObj(i -> HEADERS[i])
                .toArray(String[]::new);
        return WireClient.request(more);
    }

    private static byte[] damagedHead(Mutant mutant, byte[] request, byte[] frames) {
        byte[] head = mutant.bytes(request);
        byte[] all = Arrays.copyOf(head, head.length + frames.length);
        System.arraycopy(frames, 0, all, head.length, frames.length);
        return all;
    }

    /**
     * Checks that the answer consists of complete HTTP responses and, after a 101, of complete frames of a server, with
     * nothing after its Close frame.
     */
    private static void checkLegal(byte[] answer) {
        String latin = new String(answer, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < latin.length()) {
            Matcher status = STATUS.matcher(latin).region(at, latin.length());
            int end = latin.indexOf("\r\n\r\n", at) + 4;
            assertThat(status.lookingAt() && end > 4).as(latin).isTrue();
            int code = Integer.parseInt(status.group(1));
            if (code == 101) {
                var frames = new Reading(Arrays.copyOfRange(answer, end, answer.length), Reading.OF_SERVER);
                assertThat(frames.violation()).as(latin).isZero();
                assertThat(frames.endsClean()).as(latin).isTrue();
                return;
            }
            at = end;
            if (code != 100) {
                assertThat(STATUSES).as(latin).contains(code);
                Matcher length = LENGTH.matcher(latin.substring(status.start(), end));
                at += length.find() ? Integer.parseInt(length.group(1)) : 0;
            }
            assertThat(at).as(latin).isLessThanOrEqualTo(latin.length());
        }
    }
}
