package dev.resound.fleet;

import dev.resound.telemetry.FleetStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Reads the entries of all instances. One request per interval takes all that is new: with XREAD BLOCK, Redis would answer once per entry.
 *
 * <p>On a new connection it first reads the history, from where it stopped before but at most the window. The age of an entry is the time
 * from its identity to the clock of Redis when the connection was opened; an entry that arrives later is new. So the clocks of the instances
 * do not matter. If Redis was restarted without its data, its clock set back, or the stream deleted, it reads from the beginning of what
 * there is: entries that it knows change nothing. Not thread-safe.
 */
final class FleetReader {

    /** Entries per response; a response of the longest entries has 2 MB. */
    private static final int PAGE = 500;

    /** The live entries to read on a new connection; later entries contain what earlier ones do. */
    private static final Duration RECENT = Duration.ofSeconds(30);

    private final RedisLink link;
    private final FleetSettings settings;
    private final FleetStatus status;
    private final LongSupplier clock;
    private final BiConsumer<Entry, Long> entries;
    private RedisStreams.Id position = RedisStreams.Id.NONE;
    /** The clock of Redis when the connection was opened, and ours at the same time. */
    private long openedMillis;

    private long openedAt;

    /**
     * @param clock in nanoseconds from an arbitrary origin
     * @param entries receives each valid entry, and when Redis received it by that clock
     */
    FleetReader(
            RedisLink link,
            FleetSettings settings,
            FleetStatus status,
            LongSupplier clock,
            BiConsumer<Entry, Long> entries) {
        this.link = link;
        this.settings = settings;
        this.status = status;
        this.clock = clock;
        this.entries = entries;
    }

    /** Whether it can read now; it pauses after a failure. */
    boolean isReady() {
        return link.isReady();
    }

    /**
     * Reads what is new.
     *
     * @return true if the history was read too, because the connection is new
     */
    Future<Boolean> read() {
        boolean isNew = link.isNew();
        return link.use(redis -> isNew ? begin(redis) : follow(redis)).map(isNew);
    }

    private Future<Void> begin(RedisStreams.Connection redis) {
        return redis.time().compose(millis -> {
            openedMillis = millis;
            openedAt = clock.getAsLong();
            long window = millis - FleetView.WINDOW.toMillis();
            // Twice the step, because the history of an instance lags behind by up to one step.
            long known = position.millis() - 2 * FleetWriter.STEP.toMillis();
            long from = position.millis() > millis ? window : Math.max(window, known);
            return pages(redis, settings.history(), RedisStreams.Id.at(from)).compose(done -> {
                position = RedisStreams.Id.at(millis - RECENT.toMillis());
                return follow(redis);
            });
        });
    }

    private Future<Void> follow(RedisStreams.Connection redis) {
        RedisStreams.Id before = position;
        return pages(redis, settings.live(), before).compose(last -> {
            position = last;
            return last.equals(before) ? findBeginning(redis) : Future.succeededFuture();
        });
    }

    /** Nothing is new. Perhaps the stream was replaced by one whose identities are smaller. */
    private Future<Void> findBeginning(RedisStreams.Connection redis) {
        return redis.newest(settings.live())
                .onSuccess(newest -> {
                    if (newest.isPresent() && newest.get().compareTo(position) < 0) {
                        position = RedisStreams.Id.NONE;
                    }
                })
                .mapEmpty();
    }

    /** Reads pages up to one that is not full; returns the identity of the last entry. */
    private Future<RedisStreams.Id> pages(RedisStreams.Connection redis, String stream, RedisStreams.Id after) {
        return redis.read(stream, after, PAGE).compose(page -> {
            page.forEach(this::take);
            RedisStreams.Id last = page.isEmpty() ? after : page.getLast().id();
            return page.size() < PAGE ? Future.succeededFuture(last) : pages(redis, stream, last);
        });
    }

    private void take(RedisStreams.Item item) {
        Optional<Entry> entry = EntryFormat.decode(item.entry().getBytes());
        if (entry.isPresent()) {
            entries.accept(entry.get(), arrival(item.id()));
        } else {
            status.entryRejected();
        }
    }

    private long arrival(RedisStreams.Id id) {
        return id.millis() > openedMillis
                ? clock.getAsLong()
                : openedAt - Duration.ofMillis(openedMillis - id.millis()).toNanos();
    }

    /** Closes the connection. */
    void close() {
        link.close();
    }
}
