package dev.resound.fleet;

import dev.resound.feed.Decimal;
import dev.resound.feed.FeedMessages;
import dev.resound.feed.FeedSettings;
import dev.resound.feed.FeedSource;
import dev.resound.feed.History;
import dev.resound.feed.LiveFeed;
import dev.resound.feed.LoopFeed;
import dev.resound.feed.Outlets;
import dev.resound.telemetry.FleetStatus;
import dev.resound.telemetry.TelemetrySample;
import dev.resound.telemetry.TelemetryTotals;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet view of this process: writes its totals, and reads those of all instances while it has dashboards. It runs on a worker thread
 * of its own, so that decoding and encoding the numbers of a thousand instances never holds up an event loop.
 */
public final class FleetVerticle extends VerticleBase implements FeedSource {

    /** How long the final entry may delay the exit. */
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(FleetVerticle.class);

    private final FleetSettings settings;
    private final Supplier<FeedSettings> feed;
    private final TelemetryTotals totals;
    private final LiveFeed.Facts facts;
    private final FleetStatus status;
    private final Outlets outlets = new Outlets();
    private final FeedMessages messages;
    private final Promise<FleetWriter> writer = Promise.promise();
    private final Entry.Source source;
    private Duration uptime = Duration.ZERO;
    private long previous = System.nanoTime();
    private volatile History history = new History(FleetWriter.STEP);
    private @Nullable Watch watch;

    /**
     * @param settings where to write
     * @param feed the current settings of the fleet's feed
     * @param totals what to write
     * @param facts what the feed shows beside the totals
     * @param status is told how it goes
     */
    public FleetVerticle(
            FleetSettings settings,
            Supplier<FeedSettings> feed,
            TelemetryTotals totals,
            LiveFeed.Facts facts,
            FleetStatus status) {
        this.settings = settings;
        this.feed = feed;
        this.totals = totals;
        this.facts = facts;
        this.status = status;
        this.messages = new FeedMessages(facts);
        this.source = new Entry.Source(EntryFormat.name(facts.instance()), new SecureRandom().nextLong());
    }

    /** How to deploy it. */
    public static DeploymentOptions options() {
        return new DeploymentOptions()
                .setThreadingModel(ThreadingModel.WORKER)
                .setWorkerPoolName("fleet")
                .setWorkerPoolSize(1);
    }

    @Override
    public Future<?> start() {
        var made = new FleetWriter(link(), settings, this::entry, status, System::nanoTime);
        vertx.setPeriodic(facts.interval().toMillis(), tick -> tick(made));
        writer.complete(made);
        return Future.succeededFuture();
    }

    private RedisLink link() {
        return new RedisLink(new RedisClient(vertx, settings), System::nanoTime, new Random());
    }

    private void tick(FleetWriter to) {
        long now = System.nanoTime();
        if (now - previous < facts.interval().toNanos() / 2) {
            return; // After a stall, the timer catches up on the ticks that it missed.
        }
        previous = now;
        to.write(facts.service().draining().getAsBoolean() ? Entry.State.DRAINING : Entry.State.LIVE);
        watch();
    }

    /** Reads while there are dashboards. */
    private void watch() {
        Watch current = watch;
        if (outlets.isEmpty()) {
            if (current != null) {
                current.end();
                watch = null;
                history = new History(FleetWriter.STEP);
            }
            return;
        }
        if (current == null) {
            current = new Watch(history);
            watch = current;
        }
        current.tick();
    }

    private Entry entry(Entry.State state) {
        Duration now = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        Duration later = uptime.plusMillis(1);
        uptime = now.compareTo(later) > 0 ? now : later;
        TelemetryTotals.Snapshot snapshot = totals.snapshot();
        Runtime runtime = Runtime.getRuntime();
        return new Entry(
                source,
                facts.service().version(),
                state,
                uptime,
                facts.interval(),
                snapshot.counts(),
                snapshot.open(),
                facts.service().connectionsLimit().getAsInt(),
                new TelemetrySample.Lag(
                        worst(snapshot, TelemetrySample.Lag::newest), worst(snapshot, TelemetrySample.Lag::worst)),
                runtime.totalMemory() - runtime.freeMemory(),
                runtime.maxMemory());
    }

    private static Duration worst(TelemetryTotals.Snapshot snapshot, Function<TelemetrySample.Lag, Duration> lag) {
        return snapshot.newest().stream()
                .map(TelemetrySample::lag)
                .map(lag)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /**
     * Writes the final entry, once the event loops have published everything. Thread-safe.
     *
     * @return completes soon, whatever happens to Redis
     */
    public Future<Void> end() {
        Promise<Void> ended = Promise.promise();
        writer.future()
                .onSuccess(made -> context.runOnContext(go -> made.end().onComplete(done -> ended.tryComplete())));
        vertx.setTimer(PATIENCE_AT_END.toMillis(), over -> ended.tryComplete());
        return ended.future();
    }

    @Override
    public FeedSettings settings() {
        return feed.get();
    }

    @Override
    public byte[] hello() {
        String hello = FleetMessages.hello(messages.hello(), facts.interval(), settings.prefix())
                .encode();
        return FeedMessages.utf8(hello.substring(0, hello.length() - 1) + ",\"history\":" + history.encode() + "}");
    }

    @Override
    public void connect(Context loopContext, LoopFeed loop) {
        outlets.add(loopContext, loop);
    }

    @Override
    public void disconnect(LoopFeed loop) {
        outlets.remove(loop);
    }

    /** What dashboards see, from the first one that connects to the last one that leaves. */
    private final class Watch {

        private final History history;
        private final FleetView view = new FleetView();
        private final FleetReader reader = new FleetReader(link(), settings, status, System::nanoTime, this::take);
        private boolean ended;
        private boolean tried;
        private boolean connected;
        private int failures;
        private boolean failing;
        private boolean known;
        private long readAt;
        private long rowAt;
        private boolean hasRow;
        private long ticks;
        private long sequence;

        Watch(History history) {
            this.history = history;
        }

        void tick() {
            long tick = ++ticks;
            if (!reader.isReady()) {
                send();
                return;
            }
            reader.read().onComplete(read -> {
                if (ended) {
                    reader.close();
                    return;
                }
                tried = true;
                connected = read.succeeded();
                if (connected) {
                    readAt = System.nanoTime();
                    view.removeExpired(readAt);
                    addRows(readAt);
                    if (read.result()) {
                        known = true;
                        outlets.send(FeedMessages.utf8(historyMessage()), LoopFeed::renew);
                    }
                }
                report(read.cause());
                if (tick == ticks) {
                    send();
                }
            });
        }

        /** Logs a failure once, and only if it is not that of the writer too: then the writer has failed by the second attempt. */
        private void report(@Nullable Throwable failure) {
            failures = failure == null ? 0 : failures + 1;
            if (failure != null && failures > 1 && !failing && status.connected()) {
                failing = true;
                log.atWarn()
                        .addKeyValue("reason", FleetWriter.reason(failure))
                        .log("the fleet view cannot read from Redis and keeps trying; the service does not need it");
            } else if (failure == null && failing) {
                failing = false;
                log.info("the fleet view reads from Redis again");
            }
        }

        private String historyMessage() {
            return "{\"type\":\"history\",\"history\":" + history.encode() + "}";
        }

        private void take(Entry entry, long arrival) {
            addRows(arrival);
            if (!view.add(entry, arrival)) {
                status.entryRejected();
            }
        }

        /** Adds the rows of the history up to a time. */
        private void addRows(long to) {
            long step = FleetWriter.STEP.toNanos();
            if (!hasRow) {
                hasRow = true;
                rowAt = to + step;
            }
            rowAt = Math.max(rowAt, to - FleetView.WINDOW.toNanos());
            while (rowAt - to <= 0) {
                // The history has an entry of each instance per step, so a younger one is no sign of silence.
                long now = rowAt - step;
                history.add(FleetMessages.sums(view.members(now, now), view.isIncomplete(rowAt), rowAt)
                        .put("time", Decimal.ofMillis(wallClock(rowAt))));
                rowAt += step;
            }
        }

        private static long wallClock(long nanos) {
            return System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
        }

        /** Sends a sample, unless the first request is still in progress: it would lack most instances. */
        private void send() {
            if (!tried) {
                return;
            }
            long now = System.nanoTime();
            var members = view.members(now, readAt);
            JsonObject sample = new JsonObject()
                    .put("type", "sample")
                    .put("sequence", ++sequence)
                    .put("time", Decimal.ofMillis(System.currentTimeMillis()))
                    .put(
                            "redis",
                            new JsonObject()
                                    .put("connected", connected)
                                    .put("age", known ? Decimal.ofMillis((now - readAt) / 1_000_000) : null))
                    .put("entriesRejected", status.entriesRejected())
                    .mergeIn(FleetMessages.sums(members, view.isIncomplete(now), now))
                    .put("rows", FleetMessages.rows(members, now));
            outlets.send(FeedMessages.utf8(sample.encode()), LoopFeed::state);
        }

        void end() {
            ended = true;
            reader.close();
        }
    }
}
