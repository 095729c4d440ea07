package dev.resound.fleet;

import dev.resound.feed.FeedSettings;
import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.FleetStatus;
import dev.resound.telemetry.Metric;
import dev.resound.telemetry.OpenConnections;
import dev.resound.telemetry.TelemetrySample;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes the entries of many busy instances to Redis, each once per second over a connection of its own, as the service does. The figures in
 * {@code src/docs/fleet.md} were measured on a real instance and on Redis beside it.
 *
 * <p>Arguments: the URL of Redis, the name of the fleet, the number of instances, and for how many seconds.
 */
public final class FleetSimulator extends VerticleBase {

    private static final long PER_SECOND = 12_345;

    private final FleetSettings settings;
    private final int instances;
    private final FleetStatus status = new FleetStatus();
    private final long start = System.nanoTime();

    private FleetSimulator(FleetSettings settings, int instances) {
        this.settings = settings;
        this.instances = instances;
    }

    public static void main(String[] arguments) {
        var settings = new FleetSettings(
                List.of(arguments[0]),
                FleetSettings.Type.STANDALONE,
                "mymaster",
                "",
                "",
                "",
                "",
                arguments[1],
                FeedSettings.DEFAULT);
        Vertx vertx = Vertx.vertx();
        var simulator = new FleetSimulator(settings, Integer.parseInt(arguments[2]));
        vertx.deployVerticle(simulator, FleetVerticle.options()).await();
        vertx.timer(Duration.ofSeconds(Long.parseLong(arguments[3])).toMillis()).await();
        System.out.printf(
                "entries of %d bytes, %d writes lost%n",
                EntryFormat.encode(simulator.entry(0, Entry.State.LIVE)).length, simulator.status.writesLost());
        vertx.close().await();
    }

    @Override
    public Future<?> start() {
        List<FleetWriter> writers = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            int number = i;
            writers.add(new FleetWriter(
                    new RedisLink(new RedisClient(vertx, settings), System::nanoTime, new Random(i)),
                    settings,
                    state -> entry(number, state),
                    status,
                    System::nanoTime));
        }
        // Spread over the second, as the starts of real instances are.
        for (int i = 0; i < instances; i++) {
            FleetWriter writer = writers.get(i);
            vertx.setTimer(
                    1 + 1000L * i / instances,
                    first -> vertx.setPeriodic(1000, tick -> writer.write(Entry.State.LIVE)));
        }
        return Future.succeededFuture();
    }

    /** The totals of an instance after ten days of thousands of messages per second, on connections of both HTTP versions. */
    private Entry entry(int number, Entry.State state) {
        Duration uptime = Duration.ofDays(10).plusNanos(System.nanoTime() - start);
        long messages = uptime.toSeconds() * PER_SECOND;
        return new Entry(
                new Entry.Source("resound-7d9f8b6c5-%05d".formatted(number), 0x5A5A_0000_0000_0000L + number),
                "1.0.0",
                state,
                uptime,
                Duration.ofSeconds(1),
                CounterSnapshot.from((metric, column) -> switch (metric) {
                    case MESSAGES_RECEIVED, MESSAGES_SENT -> messages;
                    case RECEIVED_BYTES, SENT_BYTES -> messages * 321;
                    case HANDSHAKES, CONNECTIONS_CLOSED, PINGS_SENT, PONGS_RECEIVED, BACKPRESSURE_PAUSES ->
                        messages / 5000;
                    case PING_RTT, CONNECTION_DURATION -> messages / (1000 + column);
                    default -> metric == Metric.RELOAD_FAILURES ? 1 : 0;
                }),
                OpenConnections.of((kind, http) -> 500),
                4096,
                new TelemetrySample.Lag(Duration.ofNanos(120_000), Duration.ofNanos(1_340_000)),
                100_000_000,
                268_435_456);
    }
}
