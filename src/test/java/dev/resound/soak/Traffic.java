package dev.resound.soak;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.Conversation;
import dev.resound.test.MetricsPage;
import dev.resound.test.ResoundProcess;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/** All that goes on at once: each kind of client does its one thing again and again until it is over. */
final class Traffic implements AutoCloseable {

    /** As many connections as one address may have. */
    static final int PLACES = 40;
    /** The largest frame that the server takes. */
    static final int MOST = 1024 * 1024;

    private static final Duration NO_REST = Duration.ZERO;

    private final ResoundProcess resound;
    private final Ledger ledger;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Thread> clients = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean over;

    /** What one client does, once. */
    private interface Act {
        void play(SplittableRandom random) throws InterruptedException;
    }

    Traffic(ResoundProcess resound, Ledger ledger) {
        this.resound = resound;
        this.ledger = ledger;
    }

    void start() {
        go(20, 0, this::talk);
        go(3, 120, this::churn);
        go(2, 150, this::breakRules);
        go(3, 500, this::freeze);
        go(2, 200, this::readSlowly);
        go(1, 1000, this::flood);
        go(1, 100, this::beRefused);
        go(1, 3000, this::crowd);
        go(2, 1000, this::watch);
    }

    private void go(int clientsOfAKind, int restMillis, Act act) {
        for (int i = 0; i < clientsOfAKind; i++) {
            var random = new SplittableRandom(clients.size());
            clients.add(Thread.ofVirtual().start(() -> {
                while (!over) {
                    try {
                        act.play(random);
                        Thread.sleep(random.nextInt(restMillis / 2, restMillis + 1));
                    } catch (AssertionError | RuntimeException | InterruptedException failure) {
                        failures.add(failure);
                        rest(1000);
                    }
                }
            }));
        }
    }

    private static void rest(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Ends it, each client with its act. */
    void end() throws InterruptedException {
        over = true;
        for (Thread client : clients) {
            client.join();
        }
    }

    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    private Talker connect(String address) {
        return Talker.connect(address, resound.port(), ledger);
    }

    private void talk(SplittableRandom random) throws InterruptedException {
        try (Talker talker = connect("127.0.0.2")) {
            for (int turns = random.nextInt(1, 300); turns > 0 && !over; turns--) {
                talker.converse(Conversation.random(random, 4, () -> size(random)), NO_REST);
                Thread.sleep(random.nextInt(20, 80));
            }
            talker.leave(random.nextBoolean() ? 1000 : 3000 + random.nextInt(2000));
        }
    }

    private static int size(SplittableRandom random) {
        return switch (random.nextInt(20)) {
            case 0 -> random.nextInt(100_000);
            case 1 -> random.nextInt(400_000) / random.nextInt(1, 40);
            case 2, 3, 4, 5 -> random.nextInt(5_000);
            default -> random.nextInt(200);
        };
    }

    private void churn(SplittableRandom random) throws InterruptedException {
        try (Talker talker = connect("127.0.0.3")) {
            if (random.nextBoolean()) {
                talker.converse(List.of(text("hello")), NO_REST);
            }
            switch (random.nextInt(3)) {
                case 0 -> talker.leave(1001);
                case 1 -> {
                    talker.client().reset();
                    ledger.closed("network");
                }
                default -> ledger.closed("network");
            }
        }
    }

    private void breakRules(SplittableRandom random) {
        try (Talker talker = connect("127.0.0.4")) {
            WireClient client = talker.client();
            switch (random.nextInt(7)) {
                case 0 -> client.send(text("unmasked").unmasked());
                case 1 -> client.send(binary(new byte[9]).reserved(4));
                case 2 -> client.send(WireFrame.frame(3, new byte[0]));
                case 3 -> client.send(WireFrame.close(1006));
                case 4 -> {
                    client.send(text(new byte[] {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80}));
                    talker.expectEnd(1007, "invalid-payload");
                    return;
                }
                case 5 -> {
                    client.send(binary(new byte[0]).header(MOST + 1L));
                    talker.expectEnd(1009, "too-big");
                    return;
                }
                default -> {
                    client.send(Arrays.copyOf(binary(new byte[0]).header(500), 3));
                    client.reset();
                    ledger.closed("network");
                    return;
                }
            }
            talker.expectEnd(1002, "protocol-error");
        }
    }

    /** Says something and then nothing at all. */
    private void freeze(SplittableRandom random) throws InterruptedException {
        try (Talker talker = connect("127.0.0.5")) {
            talker.converse(Conversation.random(random, 2, () -> 100), NO_REST);
            talker.expectEnd(1001, "idle");
        }
    }

    private void readSlowly(SplittableRandom random) throws InterruptedException {
        WireClient slow = WireClient.openWithReceiveBuffer(resound.port(), 8192);
        try (Talker talker = Talker.of(slow, ledger)) {
            List<WireFrame> messages = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                messages.add(binary(Conversation.bytes(random, random.nextInt(20_000))));
            }
            talker.converse(messages, Duration.ofMillis(10));
            talker.leave(1000);
        }
    }

    /** Sends pings and reads nothing. Pings, as a client cannot know how many of its last bytes were read. */
    private void flood(SplittableRandom random) {
        byte[] ping =
                WireFrame.frame(WireFrame.PING, Conversation.bytes(random, 125)).bytes();
        byte[] many = new byte[ping.length * 100];
        for (int at = 0; at < many.length; at += ping.length) {
            System.arraycopy(ping, 0, many, at, ping.length);
        }
        try (Talker talker = connect("127.0.0.6")) {
            while (true) {
                talker.client().send(many);
            }
        } catch (UncheckedIOException cut) {
            ledger.closed("slow-consumer");
        }
    }

    private void beRefused(SplittableRandom random) {
        String request = WireClient.request();
        switch (random.nextInt(5)) {
            case 0 -> refused(request.replace("Upgrade: websocket\r\n", ""), 400, "not-websocket");
            case 1 -> refused(request.replace("Version: 13", "Version: 8"), 426, "version");
            case 2 -> refused(request.replace(WireClient.KEY, "short"), 400, "key");
            case 3 -> refused(request.replace("GET", "DELETE"), 405, "method");
            default -> refused(WireClient.request("Origin: https://evil.example"), 403, "origin");
        }
    }

    private void refused(String request, int status, String outcome) {
        try (WireClient client = WireClient.tcpFrom("127.0.0.7", resound.port())) {
            client.send(request).expectStatus(status);
            ledger.handshake(outcome);
        }
    }

    /** Takes every place that its address has, and one more. */
    private void crowd(SplittableRandom random) {
        List<Talker> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < PLACES; i++) {
                crowd.add(connect("127.0.0.9"));
            }
            try (WireClient last = WireClient.tcpFrom("127.0.0.9", resound.port())) {
                last.send(WireClient.request()).expectStatus(503);
                ledger.handshake("capacity");
            }
        } finally {
            for (Talker talker : crowd) {
                if (random.nextBoolean()) {
                    talker.client().reset();
                }
                talker.close();
                ledger.closed("network");
            }
        }
    }

    private void watch(SplittableRandom random) {
        String accept = random.nextBoolean() ? "text/plain" : "application/openmetrics-text";
        MetricsPage page = MetricsPage.of(http, resound.management("/metrics"), accept);
        assertThat(page.series()).containsKey("websocket_connections{http=\"1.1\",protocol=\"echo\"}");
    }

    @Override
    public void close() {
        over = true;
        http.close();
    }
}
