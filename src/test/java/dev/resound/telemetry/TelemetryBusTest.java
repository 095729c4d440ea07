package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.MessageType;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes over the event bus, within a process and between the nodes of a cluster. */
class TelemetryBusTest {

    private static final ConnectionInfo BROWSER =
            new ConnectionInfo("7", ConnectionKind.ECHO, HttpProtocol.HTTP_2, "127.0.0.1:4711", "https://client.com");
    private static final ConnectionInfo NO_BROWSER =
            new ConnectionInfo("8", ConnectionKind.TELEMETRY, HttpProtocol.HTTP_1, "[::1]:4711", null);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void a_sample_survives_the_wire() {
        var counters = new LoopCounters();
        counters.add(Metric.MESSAGES_SENT, MessageType.BINARY, 3);
        counters.add(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_1, 4);
        counters.add(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_2, 5);
        counters.add(Metric.CONNECTIONS_CLOSED, CloseCause.ERROR, HttpProtocol.HTTP_2, 6);
        counters.add(Metric.SENT_BYTES, Long.MAX_VALUE);
        counters.observe(Metric.PING_RTT, 1_234_567);
        var sample = new TelemetrySample(
                1,
                Duration.ofNanos(1_000_000_001),
                OpenConnections.NONE
                        .plus(5, ConnectionKind.ECHO, HttpProtocol.HTTP_1)
                        .plus(2, ConnectionKind.ECHO, HttpProtocol.HTTP_2),
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

    /** A node of a version without WebSockets over HTTP/2 knows neither their columns nor the member {@code http}. */
    @Test
    void an_older_node_reads_the_sums_over_both_http_protocols() {
        var counters = new LoopCounters();
        counters.add(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_1, 4);
        counters.add(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_2, 5);
        counters.add(Metric.CONNECTIONS_CLOSED, CloseCause.IDLE, HttpProtocol.HTTP_2, 6);
        JsonObject json = counters.take().toJson();
        assertThat(json.getJsonObject("websocket_handshakes_total").getLong("accepted"))
                .isEqualTo(9);
        assertThat(json.getJsonObject("websocket_connections_closed_total").getLong("idle"))
                .isEqualTo(6);
        assertThat(OpenConnections.NONE
                        .plus(5, ConnectionKind.ECHO, HttpProtocol.HTTP_1)
                        .plus(2, ConnectionKind.ECHO, HttpProtocol.HTTP_2)
                        .toJson()
                        .getLong("echo"))
                .isEqualTo(7);
    }

    @Test
    void what_an_older_node_sends_is_about_http_1() {
        var counters = new LoopCounters();
        counters.add(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_1, 4);
        assertThat(CounterSnapshot.fromJson(
                        new JsonObject().put("websocket_handshakes_total", new JsonObject().put("accepted", 4))))
                .isEqualTo(counters.take());
        assertThat(OpenConnections.fromJson(new JsonObject().put("echo", 3).put("telemetry", 0)))
                .isEqualTo(OpenConnections.NONE.plus(3, ConnectionKind.ECHO, HttpProtocol.HTTP_1));
        JsonObject event = ConnectionEvent.toJson(new ConnectionEvent.Opened(NO_BROWSER));
        event.remove("http");
        assertThat(ConnectionEvent.fromJson(event)).isEqualTo(new ConnectionEvent.Opened(NO_BROWSER));
    }

    @Test
    void what_a_newer_node_counts_in_addition_is_left_out() {
        var json = new LoopCounters().take().toJson();
        json.put("websocket_teapots_total", new JsonObject().put("total", 1));
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
                0, Duration.ofSeconds(1), OpenConnections.NONE, CounterSnapshot.EMPTY, TelemetrySample.Lag.NONE);
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
