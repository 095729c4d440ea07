package dev.resound.telemetry;

import static dev.resound.test.Waiting.await;
import static dev.resound.test.Waiting.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.MessageType;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When one event loop publishes what it counted. */
class LoopTelemetryTest {

    private static final ConnectionInfo CONNECTION = connection(HttpProtocol.HTTP_1);
    private static final ConnectionEnd END = new ConnectionEnd(CloseCause.DRAIN, 1001, Duration.ofMillis(1_500), 0, 0);

    private static ConnectionInfo connection(HttpProtocol http) {
        return new ConnectionInfo("1", ConnectionKind.ECHO, http, "127.0.0.1:1", null);
    }

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final TelemetryBus bus = TelemetryBus.register(vertx);
    private final BlockingQueue<TelemetrySample> samples = new LinkedBlockingQueue<>();
    private final BlockingQueue<ConnectionEvent> events = new LinkedBlockingQueue<>();

    @BeforeEach
    void listen() {
        bus.onSample(samples::add).completion().await();
        bus.onConnection(events::add).completion().await();
    }

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void a_sample_comes_every_interval_even_when_nothing_happens() throws Exception {
        LoopTelemetry telemetry = started(Duration.ofMillis(20), 3);
        for (int i = 0; i < 3; i++) {
            TelemetrySample sample = nextSample();
            assertThat(sample.loop()).isEqualTo(3);
            assertThat(sample.counts()).isEqualTo(CounterSnapshot.EMPTY);
            assertThat(sample.elapsed()).isPositive();
        }
        onLoop(telemetry::stop);
    }

    @Test
    void a_connection_is_told_of_at_once() throws Exception {
        LoopTelemetry telemetry = started(Duration.ofHours(1), 0);
        onLoop(() -> {
            telemetry.opened(CONNECTION);
            telemetry.closed(CONNECTION, END);
        });
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(new ConnectionEvent.Opened(CONNECTION));
        assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(new ConnectionEvent.Closed(CONNECTION, END));
        assertThat(samples).isEmpty();
    }

    @Test
    void nothing_is_published_for_a_message_and_all_of_it_at_the_end() throws Exception {
        LoopTelemetry telemetry = started(Duration.ofHours(1), 0);
        onLoop(() -> {
            telemetry.opened(CONNECTION);
            for (int i = 0; i < 1_000; i++) {
                telemetry.received(MessageType.TEXT, 3, false);
                telemetry.received(MessageType.TEXT, 4, true);
                telemetry.sent(MessageType.TEXT, 7, true);
            }
        });
        assertThat(samples).isEmpty();
        onLoop(telemetry::stop);
        TelemetrySample rest = nextSample();
        assertThat(rest.counts().of(Metric.MESSAGES_RECEIVED, MessageType.TEXT)).isEqualTo(1_000);
        assertThat(rest.counts().of(Metric.RECEIVED_BYTES)).isEqualTo(7_000);
        assertThat(rest.counts().of(Metric.MESSAGES_SENT, MessageType.TEXT)).isEqualTo(1_000);
        assertThat(rest.counts().of(Metric.SENT_BYTES)).isEqualTo(7_000);
        assertThat(rest.connections().of(ConnectionKind.ECHO)).isEqualTo(1);
        assertThat(rest.connections().of(ConnectionKind.TELEMETRY)).isZero();
    }

    @Test
    void a_connection_that_ends_after_the_loop_stopped_is_not_lost() throws Exception {
        LoopTelemetry telemetry = started(Duration.ofHours(1), 0);
        onLoop(() -> telemetry.opened(CONNECTION));
        onLoop(telemetry::stop);
        assertThat(nextSample().connections().of(ConnectionKind.ECHO)).isEqualTo(1);
        onLoop(() -> {
            telemetry.sent(MessageType.BINARY, 0, true);
            telemetry.closed(CONNECTION, END);
            telemetry.handshake(HttpProtocol.HTTP_1, HandshakeOutcome.DRAINING);
        });
        TelemetrySample closed = nextSample();
        assertThat(closed.connections()).isEqualTo(OpenConnections.NONE);
        assertThat(closed.counts().of(Metric.MESSAGES_SENT, MessageType.BINARY)).isEqualTo(1);
        assertThat(closed.counts().of(Metric.CONNECTIONS_CLOSED, CloseCause.DRAIN))
                .isEqualTo(1);
        assertThat(closed.counts().sum(Metric.CONNECTION_DURATION)).isEqualTo(END.duration());
        assertThat(nextSample().counts().of(Metric.HANDSHAKES, HandshakeOutcome.DRAINING))
                .isEqualTo(1);
    }

    @Test
    void connections_closes_and_handshakes_are_counted_by_http_protocol() throws Exception {
        LoopTelemetry telemetry = started(Duration.ofHours(1), 0);
        onLoop(() -> {
            for (HttpProtocol http : List.of(HttpProtocol.HTTP_1, HttpProtocol.HTTP_2, HttpProtocol.HTTP_2)) {
                telemetry.handshake(http, HandshakeOutcome.ACCEPTED);
                telemetry.opened(connection(http));
            }
            telemetry.handshake(HttpProtocol.HTTP_2, HandshakeOutcome.ORIGIN);
            telemetry.closed(connection(HttpProtocol.HTTP_2), END);
            telemetry.stop();
        });
        TelemetrySample sample = nextSample();
        assertThat(sample.connections().of(ConnectionKind.ECHO, HttpProtocol.HTTP_1))
                .isEqualTo(1);
        assertThat(sample.connections().of(ConnectionKind.ECHO, HttpProtocol.HTTP_2))
                .isEqualTo(1);
        CounterSnapshot counts = sample.counts();
        assertThat(counts.of(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_1))
                .isEqualTo(1);
        assertThat(counts.of(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED, HttpProtocol.HTTP_2))
                .isEqualTo(2);
        assertThat(counts.of(Metric.HANDSHAKES, HandshakeOutcome.ORIGIN, HttpProtocol.HTTP_1))
                .isZero();
        assertThat(counts.of(Metric.HANDSHAKES, HandshakeOutcome.ORIGIN, HttpProtocol.HTTP_2))
                .isEqualTo(1);
        assertThat(counts.of(Metric.HANDSHAKES)).isEqualTo(4);
        assertThat(counts.of(Metric.CONNECTIONS_CLOSED, CloseCause.DRAIN, HttpProtocol.HTTP_1))
                .isZero();
        assertThat(counts.of(Metric.CONNECTIONS_CLOSED, CloseCause.DRAIN, HttpProtocol.HTTP_2))
                .isEqualTo(1);
    }

    @Test
    void a_blocked_event_loop_shows_as_lag_and_then_no_more() throws Exception {
        LoopTelemetry telemetry = started(Duration.ofMillis(20), 0);
        nextSample();
        block(400);
        TelemetrySample sample = nextSample();
        while (sample.lag().worst().toMillis() < 300) {
            sample = nextSample();
        }
        while (sample.lag().newest().toMillis() > 50) {
            sample = nextSample();
        }
        onLoop(telemetry::stop);
    }

    /** As it is when classes are loaded for it: the offset was there for the life of the process. */
    @Test
    void an_event_loop_that_is_blocked_at_the_start_has_no_lag_later() throws Exception {
        var telemetry = new LoopTelemetry(bus, Duration.ofMillis(20), 0);
        onLoop(() -> {
            telemetry.start(vertx, () -> {});
            spin(400);
        });
        Duration least = Duration.ofHours(1);
        for (int i = 0; i < 20; i++) {
            Duration newest = nextSample().lag().newest();
            least = newest.compareTo(least) < 0 ? newest : least;
        }
        assertThat(least.toMillis()).isLessThan(50);
        onLoop(telemetry::stop);
    }

    @Test
    void the_chore_runs_with_every_measurement_until_the_end_even_if_it_fails() throws Exception {
        var telemetry = new LoopTelemetry(bus, Duration.ofMillis(20), 0);
        var runs = new AtomicInteger();
        onLoop(() -> telemetry.start(vertx, () -> {
            runs.incrementAndGet();
            throw new IllegalStateException("expected in this test");
        }));
        await("the third run").until(() -> runs.get() >= 3);
        onLoop(telemetry::stop);
        int last = runs.get();
        pause(Duration.ofMillis(100));
        assertThat(runs).hasValue(last);
    }

    @Test
    void no_sample_tells_of_less_than_half_an_interval_after_a_stall() throws Exception {
        LoopTelemetry telemetry = started(Duration.ofMillis(40), 0);
        nextSample();
        block(1_000);
        for (int i = 0; i < 10; i++) {
            assertThat(nextSample().elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        }
        onLoop(telemetry::stop);
    }

    private void block(long millis) {
        onLoop(() -> spin(millis));
    }

    private static void spin(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private LoopTelemetry started(Duration interval, int number) {
        var telemetry = new LoopTelemetry(bus, interval, number);
        onLoop(() -> telemetry.start(vertx, () -> {}));
        return telemetry;
    }

    private void onLoop(Runnable action) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.runOnContext(go -> {
            action.run();
            done.complete(null);
        });
        done.join();
    }

    private TelemetrySample nextSample() throws InterruptedException {
        TelemetrySample sample = samples.poll(10, TimeUnit.SECONDS);
        assertThat(sample).as("a sample within 10 s").isNotNull();
        return java.util.Objects.requireNonNull(sample);
    }
}
