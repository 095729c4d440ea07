package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.MessageType;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes over the event bus, within a process and between the nodes of a cluster. */
class TelemetryBusTest {

    private static final ConnectionInfo BROWSER =
            new ConnectionInfo("7", ConnectionKind.ECHO, "127.0.0.1:4711", "https://client.com");
    private static final ConnectionInfo NO_BROWSER =
            new ConnectionInfo("8", ConnectionKind.TELEMETRY, "[::1]:4711", null);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void a_sample_survives_the_wire() {
        var counters = new LoopCounters();
        counters.add(Metric.MESSAGES_SENT, MessageType.BINARY, 3);
        counters.add(Metric.SENT_BYTES, Long.MAX_VALUE);
        counters.observe(Metric.PING_RTT, 1_234_567);
        var sample = new TelemetrySample(
                1,
                Duration.ofNanos(1_000_000_001),
                Map.of(ConnectionKind.ECHO, 5L),
                counters.take(),
                new TelemetrySample.Lag(Duration.ofNanos(3), Duration.ofNanos(4)));
        var codec = new TelemetryBus.JsonCodec<>("sample", TelemetrySample::toJson, TelemetrySample::fromJson);
        assertThat(overTheWire(codec, sample)).isEqualTo(sample);
    }

    @ParameterizedTest
    @MethodSource("events")
    void a_connection_event_survives_the_wire(ConnectionEvent event) {
        var codec = new TelemetryBus.JsonCodec<>("event", ConnectionEvent::toJson, ConnectionEvent::fromJson);
        assertThat(overTheWire(codec, event)).isEqualTo(event);
    }

    static Stream<ConnectionEvent> events() {
        return Stream.concat(
                Stream.of(new ConnectionEvent.Opened(BROWSER), new ConnectionEvent.Opened(NO_BROWSER)),
                Stream.of(CloseCause.values())
                        .map(cause -> new ConnectionEvent.Closed(
                                NO_BROWSER, new ConnectionEnd(cause, 4999, Duration.ofNanos(12_345), 1L << 40, 2))));
    }

    @Test
    void what_a_newer_node_counts_in_addition_is_left_out() {
        var json = new LoopCounters().take().toJson();
        json.put("websocket_teapots_total", new io.vertx.core.json.JsonObject().put("total", 1));
        assertThat(CounterSnapshot.fromJson(json)).isEqualTo(CounterSnapshot.EMPTY);
    }

    @Test
    void consumers_in_the_process_get_the_very_object() throws Exception {
        var bus = TelemetryBus.register(vertx);
        var sampled = new CompletableFuture<TelemetrySample>();
        var happened = new CompletableFuture<ConnectionEvent>();
        bus.onSample(sampled::complete).completion().await();
        bus.onConnection(happened::complete).completion().await();
        var sample = new TelemetrySample(
                0, Duration.ofSeconds(1), Map.of(), CounterSnapshot.EMPTY, TelemetrySample.Lag.NONE);
        var event = new ConnectionEvent.Opened(BROWSER);
        bus.publish(sample);
        bus.publish(event);
        assertThat(sampled.get()).isSameAs(sample);
        assertThat(happened.get()).isSameAs(event);
    }

    @Test
    void registering_twice_gives_the_same_bus() {
        assertThat(TelemetryBus.register(vertx)).isSameAs(TelemetryBus.register(vertx));
    }

    @Test
    void a_codec_of_somebody_else_with_our_name_is_an_error() {
        vertx.eventBus()
                .registerCodec(new TelemetryBus.JsonCodec<>(
                        TelemetryBus.SAMPLES, TelemetrySample::toJson, TelemetrySample::fromJson));
        assertThatThrownBy(() -> TelemetryBus.register(vertx)).isInstanceOf(IllegalStateException.class);
    }

    private static <T> T overTheWire(TelemetryBus.JsonCodec<T> codec, T payload) {
        Buffer wire = Buffer.buffer("before");
        int position = wire.length();
        codec.encodeToWire(wire, payload);
        wire.appendString("behind");
        return codec.decodeFromWire(position, wire);
    }
}
