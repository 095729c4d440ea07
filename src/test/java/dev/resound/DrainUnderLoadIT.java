package dev.resound;

import static dev.resound.test.Waiting.pause;
import static dev.resound.test.WireFrame.CLOSE;
import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Crowd;
import dev.resound.test.ResoundProcess;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A rolling update in the middle of business. */
@Timeout(120)
class DrainUnderLoadIT {

    private static final int CLIENTS = 2000;
    private static final int MUTE = 20;
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration PERIOD = Duration.ofSeconds(8);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    /** For the end of the process, on a machine that has other things to do. */
    private static final Duration MARGIN = Duration.ofSeconds(8);

    private static final Map<String, String> SETTINGS = Map.of(
            "RESOUND_DRAIN_DELAY", DELAY.toString(),
            "RESOUND_DRAIN_PERIOD", PERIOD.toString(),
            "RESOUND_WEBSOCKET_CLOSING_TIMEOUT", CLOSING.toString());

    private static final Pattern CLOSED =
            Pattern.compile("connection closed .*address=\\S+:(\\d+) .*cause=(\\S+) .*sent=(\\d+)");

    /** Sends numbers without waiting for their echoes, in bursts, until it is told that the service leaves. */
    private static final class BusyClient {
        private final WireClient client;
        private int sent;
        private int received;
        private boolean closing;
        private long closedAt;

        BusyClient(int port) {
            client = WireClient.open(port);
        }

        void send() {
            try {
                while (sendBurst()) {
                    Thread.sleep(ThreadLocalRandom.current().nextInt(500, 1500));
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private synchronized boolean sendBurst() {
            for (int i = 0; i < 4 && !closing; i++) {
                client.send(message(sent++));
            }
            return !closing;
        }

        /** To the end of the TCP connection, which is no reset. */
        BusyClient receive() {
            WireFrame frame = client.read();
            for (; frame.opcode() != CLOSE; frame = client.read()) {
                assertThat(frame).isEqualTo(message(received++));
            }
            closedAt = System.nanoTime();
            assertThat(frame).isEqualTo(close(1001, "server draining"));
            answerClose();
            client.expectEnd().close();
            return this;
        }

        private synchronized void answerClose() {
            closing = true;
            client.send(close(1001));
        }

        private static WireFrame message(int number) {
            return binary(new byte[] {(byte) (number >> 8), (byte) number, 0, 0, 0, 0, 0, 0, 0, 0});
        }
    }

    @Test
    void two_thousand_busy_clients_leave_one_by_one_and_lose_nothing() throws Exception {
        try (var resound = ResoundProcess.ready(SETTINGS);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<WireClient> mute = mute(resound);
            List<BusyClient> clients = Crowd.some(50, CLIENTS, i -> new BusyClient(resound.port()));
            clients.forEach(client -> threads.execute(client::send));
            List<Future<BusyClient>> ends = clients.stream()
                    .map(client -> threads.submit(client::receive))
                    .toList();
            pause(Duration.ofSeconds(1)); // Of business as usual.
            long signal = System.nanoTime();
            resound.signal("TERM");
            assertThat(resound.exitCode()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - signal))
                    .isGreaterThan(DELAY)
                    .isLessThan(DELAY.plus(PERIOD).plus(CLOSING).plus(MARGIN));
            for (Future<BusyClient> end : ends) {
                end.get();
            }
            assertSpread(clients, signal);
            assertNothingLost(clients, resound.output());
            mute.forEach(WireClient::close);
        }
    }

    /** They do not answer the Close; every other one does not even read what is due to it. */
    private static List<WireClient> mute(ResoundProcess resound) {
        return Crowd.each(MUTE, i -> {
            var client = WireClient.openWithReceiveBuffer(resound.port(), 8 * 1024);
            if (i % 2 == 0) {
                Thread.startVirtualThread(
                        () -> Crowd.sendUntilCut(client, binary(new byte[4000]).bytes(), 1L << 40));
            }
            return client;
        });
    }

    /** A quarter of them in each quarter of the period, more or less; none during the delay. */
    private static void assertSpread(List<BusyClient> clients, long signal) {
        long start = signal + DELAY.toNanos();
        assertThat(clients).noneMatch(client -> client.closedAt - start < 0);
        long first = clients.stream().mapToLong(client -> client.closedAt).min().orElseThrow();
        Map<Long, Long> byQuarter = clients.stream()
                .collect(Collectors.groupingBy(
                        client -> Math.min(3, 4 * (client.closedAt - first) / PERIOD.toNanos()),
                        Collectors.counting()));
        assertThat(IntStream.range(0, 4).mapToObj(quarter -> byQuarter.getOrDefault((long) quarter, 0L)))
                .as("closes by quarter of the period")
                .allSatisfy(number -> assertThat(number).isBetween(CLIENTS * 15 / 100L, CLIENTS * 35 / 100L));
    }

    /**
     * What a client received is, without a gap, the beginning of what it sent; that is checked as it comes. It is all that the
     * service took before its Close frame: as many as the service counted as sent.
     */
    private static void assertNothingLost(List<BusyClient> clients, String log) {
        Map<Integer, Integer> sentByPort = CLOSED.matcher(log)
                .results()
                .filter(line -> line.group(2).equals("drain"))
                .collect(Collectors.toMap(
                        line -> Integer.parseInt(line.group(1)), line -> Integer.parseInt(line.group(3))));
        assertThat(sentByPort).hasSizeGreaterThanOrEqualTo(CLIENTS);
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.received).isPositive().isLessThanOrEqualTo(client.sent);
            assertThat(sentByPort).containsEntry(client.client.localPort(), client.received);
        });
    }
}
