package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client of a live feed that answers pings, as every WebSocket library does. */
public final class FeedClient implements AutoCloseable {

    private static final String HEADER = "Sec-WebSocket-Protocol: ";

    private final WireClient wire;
    private @Nullable WireFrame closeFrame;

    private FeedClient(WireClient wire) {
        this.wire = wire;
    }

    public static FeedClient open(int port) {
        return of(WireClient.tcp(port));
    }

    /** A client of the fleet's feed. */
    public static FeedClient openFleet(int port) {
        return of(WireClient.tcp(port), "resound.fleet.v1");
    }

    /** One on a connection on which nothing was sent yet. */
    public static FeedClient of(WireClient connection) {
        return of(connection, "resound.telemetry.v1");
    }

    private static FeedClient of(WireClient connection, String subprotocol) {
        WireClient wire = connection.handshake(HEADER + subprotocol);
        assertThat(wire.head()).containsIgnoringCase(HEADER + subprotocol + "\r\n");
        return new FeedClient(wire);
    }

    public WireClient wire() {
        return wire;
    }

    /** The next message; it must come. */
    public JsonObject next() {
        return read().orElseThrow(() -> new AssertionError("ended with " + closeFrame));
    }

    /** The next message; empty where a Close frame comes instead. */
    public Optional<JsonObject> read() {
        WireFrame frame = wire.read();
        while (frame.opcode() == WireFrame.PING) {
            // In vain where the server has closed already: then its Close frame comes next.
            wire.sendInVain(WireFrame.frame(WireFrame.PONG, frame.payload()).bytes());
            frame = wire.read();
        }
        if (frame.opcode() == WireFrame.CLOSE) {
            closeFrame = frame;
            return Optional.empty();
        }
        assertThat(frame.opcode()).as(frame.toString()).isEqualTo(WireFrame.TEXT);
        return Optional.of(new JsonObject(Buffer.buffer(frame.payload())));
    }

    /** What it was closed with, if it was. */
    public Optional<WireFrame> closeFrame() {
        return Optional.ofNullable(closeFrame);
    }

    /** The next message of this type; others are skipped. */
    public JsonObject next(String type) {
        return next(type, any -> true);
    }

    /** The next message of this type for which a condition holds; it fails by the socket's patience. */
    public JsonObject next(String type, Predicate<JsonObject> condition) {
        JsonObject message = next();
        while (!message.getString("type").equals(type) || !condition.test(message)) {
            message = next();
        }
        return message;
    }

    @Override
    public void close() {
        wire.close();
    }
}
