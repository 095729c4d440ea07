package dev.resound.test;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client with threads of its own. It answers every ping, sends a message again and again if it talks, and notes how it was ended. */
public final class LivePeer implements AutoCloseable {

    private final WireClient client;
    private final Thread reader;
    private volatile boolean done;
    private volatile @Nullable String end;

    private LivePeer(WireClient client) {
        this.client = client;
        reader = Thread.ofPlatform().daemon().start(this::read);
    }

    /** One that only answers pings. */
    public static LivePeer quiet(WireClient client) {
        return new LivePeer(client);
    }

    /** One that sends a message after each pause, whatever comes back. */
    public static LivePeer talking(WireClient client, Duration pause) {
        var peer = new LivePeer(client);
        Thread.ofPlatform().daemon().start(() -> {
            while (!peer.done) {
                client.sendInVain(WireFrame.text("x").bytes());
                Waiting.pause(pause);
            }
        });
        return peer;
    }

    private void read() {
        try {
            while (!done) {
                WireFrame frame = client.read();
                if (frame.opcode() == WireFrame.PING) {
                    client.sendInVain(
                            WireFrame.frame(WireFrame.PONG, frame.payload()).bytes());
                } else if (frame.opcode() == WireFrame.CLOSE) {
                    end = "Close " + frame.closeCode() + " " + frame.closeReason();
                    return;
                }
            }
        } catch (UncheckedIOException cut) {
            end = cut.toString();
        }
    }

    /** How the server has ended it; empty while it is open. */
    public Optional<String> end() {
        return Optional.ofNullable(end);
    }

    @Override
    public void close() {
        done = true;
        client.cut();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
