package dev.resound.fleet;

import dev.resound.telemetry.FleetStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the totals of this instance to the streams of the fleet: to the live stream once per interval, and to the history once per
 * {@link #STEP}. At most one write is in progress. Whatever happens to Redis, nothing is queued: the totals are cumulative, so the next
 * entry that arrives contains everything. Not thread-safe.
 */
final class FleetWriter {

    /** The time between two entries of the history, and so between two points of a chart of the last 15 minutes. */
    static final Duration STEP = Duration.ofSeconds(15);

    /**
     * How many entries the live stream keeps: some seconds of a fleet of a thousand instances. Readers read it once per interval; what they
     * miss is in a later entry.
     */
    static final int LIVE_ENTRIES = 4096;

    private static final int LONGEST_REASON = 300;

    private static final Logger log = LoggerFactory.getLogger(FleetWriter.class);

    private final RedisLink link;
    private final FleetSettings settings;
    private final Function<Entry.State, Entry> totals;
    private final FleetStatus status;
    private final LongSupplier clock;
    private Entry.@Nullable State kept;
    private long keptAt;
    private Future<Void> newest = Future.succeededFuture();
    private boolean failing;
    private boolean ended;

    /**
     * @param totals makes an entry of the current totals
     * @param clock in nanoseconds from an arbitrary origin
     */
    FleetWriter(
            RedisLink link,
            FleetSettings settings,
            Function<Entry.State, Entry> totals,
            FleetStatus status,
            LongSupplier clock) {
        this.link = link;
        this.settings = settings;
        this.totals = totals;
        this.status = status;
        this.clock = clock;
    }

    /** Writes the totals, if Redis is available and has answered the previous write. Call it once per interval. */
    void write(Entry.State state) {
        if (ended) {
            return;
        }
        if (link.isReady()) {
            newest = append(state);
        } else {
            status.writeLost();
        }
    }

    /** Writes the final totals after the write in progress, unless Redis is not available. */
    Future<Void> end() {
        if (!ended) {
            ended = true;
            newest = newest.transform(
                    written -> status.connected() ? append(Entry.State.ENDED) : Future.succeededFuture());
        }
        return newest;
    }

    private Future<Void> append(Entry.State state) {
        Buffer entry = Buffer.buffer(EntryFormat.encode(totals.apply(state)));
        boolean keep = state != kept || clock.getAsLong() - keptAt >= STEP.toNanos();
        return link.use(redis -> redis.append(settings.live(), RedisStreams.Trim.toNewest(LIVE_ENTRIES), entry)
                        .compose(id -> keep ? keep(redis, id, state, entry) : Future.succeededFuture()))
                .onSuccess(written -> succeeded())
                .onFailure(this::failed)
                .mapEmpty();
    }

    /** Appends an entry to the history. The window is measured by the clock of Redis, which the identity of the live entry tells. */
    private Future<Void> keep(RedisStreams.Connection redis, RedisStreams.Id live, Entry.State state, Buffer entry) {
        long from = live.millis() - FleetView.WINDOW.plus(STEP).toMillis();
        return redis.append(settings.history(), RedisStreams.Trim.toTime(from), entry)
                .onSuccess(id -> {
                    kept = state;
                    keptAt = clock.getAsLong();
                })
                .mapEmpty();
    }

    private void succeeded() {
        if (!status.connected()) {
            log.info(failing ? "the fleet view is connected to Redis again" : "the fleet view is connected to Redis");
            status.connected(true);
            failing = false;
        }
    }

    private void failed(Throwable cause) {
        status.writeLost();
        status.connected(false);
        if (!failing) {
            failing = true;
            log.atWarn()
                    .addKeyValue("reason", reason(cause))
                    .log("the fleet view cannot write to Redis and keeps trying; the service does not need it");
        }
    }

    /** Why a request failed, in one line. */
    static String reason(Throwable cause) {
        if (cause instanceof TimeoutException) {
            return "no response in time";
        }
        String message =
                Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
        String line = message.lines().collect(Collectors.joining(" "));
        return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "..." : line;
    }
}
