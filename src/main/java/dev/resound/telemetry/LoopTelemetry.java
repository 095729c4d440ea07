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

    /** How often the loop's lag is measured at the least; a loop that is blocked for longer is always seen. */
    private static final long PROBE_MILLIS = 100;

    private final TelemetryBus bus;
    private final TelemetrySettings settings;
    private final int loop;
    private final Tally tally = new Tally();
    private final Map<Protocol, Long> open = new EnumMap<>(Protocol.class);
    private @Nullable Running running;
    private long previous = System.nanoTime();
    private boolean stopped;

    /** The timers, while they run. */
    private record Running(Vertx vertx, LagProbe probe, long probeTimer, long publishTimer) {}

    /** @param loop the number of the event loop within its process, from 0 */
    public LoopTelemetry(TelemetryBus bus, TelemetrySettings settings, int loop) {
        this.bus = bus;
        this.settings = settings;
        this.loop = loop;
    }

    /** Begins to publish; on the event loop. */
    public void start(Vertx vertx) {
        previous = System.nanoTime();
        long interval = settings.interval().toMillis();
        long period = Math.min(interval, PROBE_MILLIS);
        var probe = new LagProbe(previous, Duration.ofMillis(period));
        running = new Running(
                vertx,
                probe,
                vertx.setPeriodic(period, tick -> probe.tick(System.nanoTime())),
                vertx.setPeriodic(interval, tick -> publish()));
    }

    /**
     * Publishes what is left, and ends; on the event loop. Connections that outlive it, as when the service is closed without a
     * drain, are published one by one as they end.
     */
    public void stop() {
        publish();
        stopped = true;
        Running ended = running;
        if (ended != null) {
            running = null;
            ended.vertx().cancelTimer(ended.probeTimer());
            ended.vertx().cancelTimer(ended.publishTimer());
        }
    }

    private void publish() {
        long now = System.nanoTime();
        LoopLag lag = running == null ? LoopLag.NONE : running.probe().take(now);
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
