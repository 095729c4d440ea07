package dev.resound.fleet;

import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.OpenConnections;
import dev.resound.telemetry.TelemetrySample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * What is known of one start of an instance. Its state depends on when its entries arrived by the clock of the reader, in nanoseconds from
 * an arbitrary origin; its own clock does not matter.
 */
final class Instance {

    /** What the reader can say about an instance. */
    enum State {
        LIVE,
        DRAINING,
        /** Nothing has arrived for some intervals. */
        STALE,
        /** It wrote its final entry, or nothing has arrived for {@link #SILENCE}. */
        GONE;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether its numbers are current. */
        boolean isCurrent() {
            return this == LIVE || this == DRAINING;
        }
    }

    /** How long an instance must be silent to be gone, if its interval is not longer still. */
    static final Duration SILENCE = Duration.ofMinutes(1);

    private static final int MISSED_UNTIL_STALE = 3;
    private static final Duration SHORTEST_UNTIL_STALE = Duration.ofSeconds(3);

    private static final long RECENT = Duration.ofMinutes(1).toNanos();
    private static final long RECENT_STEP = Duration.ofSeconds(10).toNanos();

    private final Deque<Known> recent = new ArrayDeque<>();
    private Entry newest;
    private TelemetrySample interval;
    private long arrival;

    /** What was counted when an entry arrived. */
    private record Known(long arrival, CounterSnapshot counts) {}

    Instance(Entry first, long arrival) {
        boolean isNew = first.uptime().toNanos() < RECENT;
        this.newest = first;
        this.arrival = arrival;
        this.interval = interval(
                first,
                first.uptime().compareTo(first.interval().multipliedBy(2)) <= 0 ? first.uptime() : Duration.ZERO,
                first.counts());
        recent.add(
                isNew
                        ? new Known(arrival - first.uptime().toNanos(), CounterSnapshot.EMPTY)
                        : new Known(arrival, first.counts()));
    }

    private static TelemetrySample interval(Entry entry, Duration elapsed, CounterSnapshot counts) {
        return new TelemetrySample(0, elapsed, entry.open(), counts, entry.lag());
    }

    /** Whether an entry can follow: a counter never decreases. */
    boolean accepts(Entry next) {
        return isOld(next) || next.counts().continues(newest.counts());
    }

    /** Whether an entry is not newer than the newest. The history repeats entries of the live stream, and a late write may be overtaken. */
    private boolean isOld(Entry entry) {
        return entry.uptime().compareTo(newest.uptime()) <= 0;
    }

    /** Takes up an entry, unless it is old. */
    void add(Entry next, long now) {
        if (isOld(next)) {
            return;
        }
        interval = interval(
                next, next.uptime().minus(newest.uptime()), next.counts().minus(newest.counts()));
        newest = next;
        arrival = now;
        while (recent.size() > 1 && now - recent.getFirst().arrival() > RECENT) {
            recent.removeFirst();
        }
        if (now - recent.getLast().arrival() >= RECENT_STEP) {
            recent.addLast(new Known(now, next.counts()));
        }
    }

    /**
     * Its state.
     *
     * @param read when the stream was last read; an instance is not gone because Redis is
     */
    State state(long now, long read) {
        Duration patience = newest.interval().multipliedBy(MISSED_UNTIL_STALE);
        if (newest.state() == Entry.State.ENDED || exceeds(silence(read), patience.multipliedBy(2), SILENCE)) {
            return State.GONE;
        } else if (exceeds(silence(now), patience, SHORTEST_UNTIL_STALE)) {
            return State.STALE;
        }
        return newest.state() == Entry.State.DRAINING ? State.DRAINING : State.LIVE;
    }

    private static boolean exceeds(Duration silence, Duration limit, Duration least) {
        return silence.compareTo(limit.compareTo(least) > 0 ? limit : least) > 0;
    }

    /** How long ago the newest entry arrived. */
    Duration silence(long now) {
        return Duration.ofNanos(Math.max(0, now - arrival));
    }

    Entry newest() {
        return newest;
    }

    /** What it counted between its newest two entries. */
    TelemetrySample interval() {
        return interval;
    }

    /** What it counted in about the last minute. */
    CounterSnapshot recent(long now) {
        return now - arrival > RECENT
                ? CounterSnapshot.EMPTY
                : newest.counts().minus(recent.getFirst().counts());
    }

    /** Its open connections; none if it is gone. */
    OpenConnections open(State state) {
        return state == State.GONE ? OpenConnections.NONE : newest.open();
    }
}
