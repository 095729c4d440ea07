package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of the live feed: it answers pings, and tells the messages one by one. */
public final class FeedClient implements AutoCloseable {

    private static final String PROTOCOL = "Sec-WebSocket-Protocol: resound.telemetry.v1";

    private final WireClient wire;
    private @Nullable WireFrame closeFrame;

    private FeedClient(WireClient wire) {
        this.wire = wire;
    }

    /** Connects, and nothing has been read yet. */
    public static FeedClient open(int port) {
        WireClient wire =
                WireClient.tcp(port).send(WireClient.request(PROTOCOL)).expectUpgrade();
        assertThat(wire.head()).containsIgnoringCase(PROTOCOL);
        return new FeedClient(wire);
    }

    /** The next message; it must come. */
    public JsonObject next() {
        return read().orElseThrow(() -> new AssertionError("closed: " + closeFrame));
    }

    /** The first of the messages from here on for which this holds; it must come. */
    public JsonObject await(Predicate<JsonObject> condition) {
        JsonObject message = next();
        while (!condition.test(message)) {
            message = next();
        }
        return message;
    }

    /** The first message of a type from here on; it must come. */
    public JsonObject await(String type) {
        return await(message -> type.equals(message.getString("type")));
    }

    /** The next message; empty where a Close frame comes instead. */
    public Optional<JsonObject> read() {
        var payload = new ByteArrayOutputStream();
        while (true) {
            WireFrame frame = wire.read();
            switch (frame.opcode()) {
                case WireFrame.PING ->
                    // In vain where the server has closed already: then its Close frame comes next.
                    wire.sendInVain(
                            WireFrame.frame(WireFrame.PONG, frame.payload()).bytes());
                case WireFrame.CLOSE -> {
                    closeFrame = frame;
                    return Optional.empty();
                }
                default -> {
                    assertThat(frame.opcode())
                            .as(frame.toString())
                            .isEqualTo(payload.size() == 0 ? WireFrame.TEXT : WireFrame.CONTINUATION);
                    payload.writeBytes(frame.payload());
                    if (frame.fin()) {
                        return Optional.of(new JsonObject(Buffer.buffer(payload.toByteArray())));
                    }
                }
            }
        }
    }

    /** What it was closed with, if it was. */
    public Optional<WireFrame> closeFrame() {
        return Optional.ofNullable(closeFrame);
    }

    /** The connection itself. */
    public WireClient wire() {
        return wire;
    }

    @Override
    public void close() {
        wire.close();
    }
}
