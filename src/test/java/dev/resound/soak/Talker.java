package dev.resound.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;

/** A client that keeps the rules, verifies every echo, answers pings, and enters all of it into the ledger. */
final class Talker implements AutoCloseable {

    private final WireClient client;
    private final Ledger ledger;
    /** Pings that wait for their pong while a conversation goes out. */
    private final Queue<byte[]> pings = new ArrayDeque<>();

    private Talker(WireClient client, Ledger ledger) {
        this.client = client;
        this.ledger = ledger;
    }

    /** Connects from one of the loopback's addresses. */
    static Talker connect(String address, int port, Ledger ledger) {
        return of(WireClient.tcpFrom(address, port).handshake(), ledger);
    }

    /** Goes on with a client whose handshake was accepted. */
    static Talker of(WireClient client, Ledger ledger) {
        ledger.handshake("accepted");
        return new Talker(client, ledger);
    }

    WireClient client() {
        return client;
    }

    /** A data message, whatever frames it came in, or the pong to a ping of ours. */
    private record Item(int type, ByteBuffer payload) {}

    /**
     * Sends frames and waits for what must come back.
     *
     * @param rest between two frames that are read: a slow reader has some
     */
    void converse(List<WireFrame> frames, Duration rest) throws InterruptedException {
        frames.stream().filter(frame -> frame.opcode() == WireFrame.PONG).forEach(pong -> ledger.ponged());
        Thread writer = Thread.ofVirtual().start(() -> client.send(frames.toArray(WireFrame[]::new)));
        var assembly = new Assembly();
        for (Item expected : itemsOf(frames)) {
            Item got = null;
            while (got == null) {
                got = assembly.take(next());
                Thread.sleep(rest);
            }
            assertThat(got.equals(expected)).as("what came back").isTrue();
            if (expected.type != WireFrame.PONG) {
                ledger.echoed(expected.type, expected.payload.remaining());
            }
        }
        writer.join();
        answerPings();
    }

    /** Reads until the server ends the connection with this code. */
    void expectEnd(int code, String cause) {
        expectClose(code);
        client.expectEnd();
        ledger.closed(cause);
    }

    /** Reads until a Close frame with this code comes. */
    void expectClose(int code) {
        WireFrame frame = next();
        while (frame.opcode() != WireFrame.CLOSE) {
            frame = next();
        }
        assertThat(frame.closeCode()).as(frame.toString()).isEqualTo(code);
    }

    /** The closing handshake. */
    void leave(int code) {
        answerPings();
        client.send(WireFrame.close(code));
        expectEnd(code, "client");
    }

    /** Answers what the server asked; between conversations only, as both would write. */
    private void answerPings() {
        for (byte[] payload = pings.poll(); payload != null; payload = pings.poll()) {
            client.send(WireFrame.frame(WireFrame.PONG, payload));
            ledger.ponged();
        }
    }

    /** The next frame that is no ping. */
    private WireFrame next() {
        WireFrame frame = client.read();
        while (frame.opcode() == WireFrame.PING) {
            ledger.pinged();
            pings.add(frame.payload());
            frame = client.read();
        }
        return frame;
    }

    private static List<Item> itemsOf(List<WireFrame> frames) {
        var assembly = new Assembly();
        Deque<Item> items = new ArrayDeque<>();
        for (WireFrame frame : frames) {
            if (frame.opcode() == WireFrame.PING) {
                items.add(new Item(WireFrame.PONG, ByteBuffer.wrap(frame.payload())));
            } else if (frame.opcode() != WireFrame.PONG) {
                Item whole = assembly.take(frame);
                if (whole != null) {
                    items.add(whole);
                }
            }
        }
        return new ArrayList<>(items);
    }

    /** Puts messages together. */
    private static final class Assembly {
        private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
        private int type;

        /** What this frame completes, null where more has to come. */
        Item take(WireFrame frame) {
            if (frame.isControl()) {
                return new Item(frame.opcode(), ByteBuffer.wrap(frame.payload()));
            }
            type = frame.opcode() == WireFrame.CONTINUATION ? type : frame.opcode();
            payload.writeBytes(frame.payload());
            if (!frame.fin()) {
                return null;
            }
            var whole = new Item(type, ByteBuffer.wrap(payload.toByteArray()));
            payload.reset();
            return whole;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
