package dev.resound.telemetry;

import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.ConnectionObserver;
import dev.resound.websocket.fault.Fault;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.MessageType;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Counts what happens on one event loop, and publishes the changes once per interval. Call it only on that event loop. */
public final class LoopTelemetry implements ConnectionObserver {

    /** The longest time between two measurements of the loop's lag, so the shortest blockage that is always noticed. */
    private static final Duration PROBE_PERIOD = Duration.ofMillis(100);

    private final TelemetryBus bus;
    private final Duration interval;
    private final int loop;
    private final LoopCounters counters = new LoopCounters();
    private final LagProbe probe = new LagProbe();
    private OpenConnections open = OpenConnections.NONE;
    private @Nullable Vertx running;
    private long probeTimer;
    private long publishTimer;
    private long previous = System.nanoTime();
    private boolean stopped;

    /**
     * @param interval the time between two samples
     * @param loop the number of the event loop within its process, from 0
     */
    public LoopTelemetry(TelemetryBus bus, Duration interval, int loop) {
        this.bus = bus;
        this.interval = interval;
        this.loop = loop;
    }

    /**
     * Starts to publish.
     *
     * @param chore runs with each measurement of lag, so that the event loop wakes up once for both
     */
    public void start(Vertx vertx, Runnable chore) {
        running = vertx;
        measure(vertx, chore);
        previous = System.nanoTime();
        publishTimer = vertx.setPeriodic(interval.toMillis(), tick -> publishIfDue());
    }

    /** Uses one-shot timers: the schedule of a periodic timer cannot be queried, and it fires repeatedly after a stall. */
    private void measure(Vertx vertx, Runnable chore) {
        Duration period = PROBE_PERIOD.compareTo(interval) < 0 ? PROBE_PERIOD : interval;
        probeTimer = vertx.setTimer(period.toMillis(), tick -> {
            probe.tick(System.nanoTime());
            measure(vertx, chore);
            chore.run();
        });
        // After setting the timer, so that the time this takes does not count as lag.
        probe.expect(System.nanoTime() + period.toNanos());
    }

    /**
     * Publishes the rest, and stops. Connections that are still open, because the service is closed without a drain, are published one by
     * one when they end.
     */
    public void stop() {
        publish();
        stopped = true;
        Vertx ended = running;
        if (ended != null) {
            running = null;
            ended.cancelTimer(probeTimer);
            ended.cancelTimer(publishTimer);
        }
    }

    /** After a stall, the timer catches up on missed ticks. A rate over almost no time would be wrong. */
    private void publishIfDue() {
        if (System.nanoTime() - previous >= interval.toNanos() / 2) {
            publish();
        }
    }

    /** Publishes what was counted since the last sample. */
    public void publish() {
        long now = System.nanoTime();
        TelemetrySample.Lag lag = running == null ? TelemetrySample.Lag.NONE : probe.take(now);
        bus.publish(new TelemetrySample(loop, Duration.ofNanos(now - previous), open, counters.take(), lag));
        previous = now;
    }

    private void publishIfStopped() {
        if (stopped) {
            publish();
        }
    }

    @Override
    public void handshake(HttpProtocol http, HandshakeOutcome outcome) {
        counters.add(Metric.HANDSHAKES, outcome, http, 1);
        publishIfStopped();
    }

    @Override
    public void probe() {
        counters.add(Metric.PROBES, 1);
    }

    @Override
    public void fault(Fault fault) {
        counters.add(Metric.FAULTS, fault, 1);
    }

    @Override
    public void opened(ConnectionInfo connection) {
        open = open.with(connection);
        bus.publish(new ConnectionEvent.Opened(connection));
    }

    @Override
    public void closed(ConnectionInfo connection, ConnectionEnd end) {
        open = open.without(connection);
        counters.add(Metric.CONNECTIONS_CLOSED, end.cause(), connection.http(), 1);
        counters.observe(Metric.CONNECTION_DURATION, end.duration().toNanos());
        bus.publish(new ConnectionEvent.Closed(connection, end));
        publishIfStopped();
    }

    @Override
    public void received(MessageType type, int payloadBytes, boolean endOfMessage) {
        counters.add(Metric.RECEIVED_BYTES, type, payloadBytes);
        if (endOfMessage) {
            counters.add(Metric.MESSAGES_RECEIVED, type, 1);
        }
    }

    @Override
    public void sent(MessageType type, int payloadBytes, boolean endOfMessage) {
        counters.add(Metric.SENT_BYTES, type, payloadBytes);
        if (endOfMessage) {
            counters.add(Metric.MESSAGES_SENT, type, 1);
        }
    }

    @Override
    public void pingSent() {
        counters.add(Metric.PINGS_SENT, 1);
    }

    @Override
    public void pongReceived() {
        counters.add(Metric.PONGS_RECEIVED, 1);
    }

    @Override
    public void roundTrip(long nanos) {
        counters.observe(Metric.PING_RTT, nanos);
    }

    @Override
    public void feedRoundTrip(long nanos) {
        counters.observe(Metric.FEED_PING_RTT, nanos);
    }

    @Override
    public void backpressurePause() {
        counters.add(Metric.BACKPRESSURE_PAUSES, 1);
    }
}
