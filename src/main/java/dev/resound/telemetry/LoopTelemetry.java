package dev.resound.telemetry;

import dev.resound.websocket.ConnectionEnd;
import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.ConnectionObserver;
import dev.resound.websocket.MessageType;
import dev.resound.websocket.Protocol;
import dev.resound.websocket.handshake.HandshakeOutcome;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what happens on one event loop, and publishes what changed once per interval. Only that loop's thread may call it. */
public final class LoopTelemetry implements ConnectionObserver {

    /** The most time between two measurements of the loop's lag. A loop that is blocked for longer is always noticed. */
    private static final Duration PROBE_PERIOD = Duration.ofMillis(100);

    private final TelemetryBus bus;
    private final Duration interval;
    private final int loop;
    private final Tally tally = new Tally();
    private final Map<Protocol, Long> open = new EnumMap<>(Protocol.class);
    private final LagProbe probe = new LagProbe();
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

    /** Begins to publish; on the event loop. */
    public void start(Vertx vertx) {
        running = vertx;
        measure(vertx);
        previous = System.nanoTime();
        publishTimer = vertx.setPeriodic(interval.toMillis(), tick -> publishIfDue());
    }

    /** One timer after the other: a periodic one has a schedule that nobody can ask for, and runs again and again after a stall. */
    private void measure(Vertx vertx) {
        Duration period = PROBE_PERIOD.compareTo(interval) < 0 ? PROBE_PERIOD : interval;
        probeTimer = vertx.setTimer(period.toMillis(), tick -> {
            probe.tick(System.nanoTime());
            measure(vertx);
        });
        // Not before: what setting a timer takes is nothing that the loop's other timers wait for.
        probe.expect(System.nanoTime() + period.toNanos());
    }

    /**
     * Publishes what is left, and ends; on the event loop. Connections that outlive it, as when the service is closed without a
     * drain, are published one by one as they end.
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

    /** After a stall, the timer makes up for all the ticks that it missed. A rate over no time at all would be a wrong number. */
    private void publishIfDue() {
        if (System.nanoTime() - previous >= interval.toNanos() / 2) {
            publish();
        }
    }

    private void publish() {
        long now = System.nanoTime();
        LoopLag lag = running == null ? LoopLag.NONE : probe.take(now);
        bus.publish(new TelemetrySample(loop, Duration.ofNanos(now - previous), open, tally.take(), lag));
        previous = now;
    }

    private void publishIfStopped() {
        if (stopped) {
            publish();
        }
    }

    @Override
    public void handshake(HandshakeOutcome outcome) {
        tally.add(Metric.HANDSHAKES, outcome, 1);
        publishIfStopped();
    }

    @Override
    public void opened(ConnectionInfo connection) {
        open.merge(connection.protocol(), 1L, Long::sum);
        bus.publish(new ConnectionEvent.Opened(connection));
    }

    @Override
    public void closed(ConnectionInfo connection, ConnectionEnd end) {
        open.merge(connection.protocol(), -1L, Long::sum);
        tally.add(Metric.CONNECTIONS_CLOSED, end.cause(), 1);
        tally.observe(Metric.CONNECTION_DURATION, end.duration().toNanos());
        bus.publish(new ConnectionEvent.Closed(connection, end));
        publishIfStopped();
    }

    @Override
    public void received(MessageType type, int payloadBytes, boolean endOfMessage) {
        tally.add(Metric.RECEIVED_BYTES, type, payloadBytes);
        if (endOfMessage) {
            tally.add(Metric.MESSAGES_RECEIVED, type, 1);
        }
    }

    @Override
    public void sent(MessageType type, int payloadBytes, boolean endOfMessage) {
        tally.add(Metric.SENT_BYTES, type, payloadBytes);
        if (endOfMessage) {
            tally.add(Metric.MESSAGES_SENT, type, 1);
        }
    }

    @Override
    public void pingSent() {
        tally.add(Metric.PINGS_SENT, 1);
    }

    @Override
    public void pongReceived() {
        tally.add(Metric.PONGS_RECEIVED, 1);
    }

    @Override
    public void roundTrip(long nanos) {
        tally.observe(Metric.PING_RTT, nanos);
    }

    @Override
    public void backpressurePause() {
        tally.add(Metric.BACKPRESSURE_PAUSES, 1);
    }
}
