package dev.resound.fleet;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The instances of the fleet, including those that ended within the window. Time is a parameter, in nanoseconds from an arbitrary origin.
 * Not thread-safe.
 */
final class FleetView {

    /** How long an instance that is gone counts. */
    static final Duration WINDOW = Duration.ofMinutes(15);

    /** How many instances are kept: twice a thousand, so that a rolling update fits. */
    static final int MOST = 2047;

    private static final long LIMIT_SHOWN = Duration.ofMinutes(1).toNanos();

    private final Map<Entry.Source, Instance> instances = new HashMap<>();
    private boolean omitted;
    private long omittedAt;

    /**
     * An instance at one moment.
     *
     * @param silence how long ago its newest entry arrived
     */
    record Member(Instance instance, Instance.State state, Duration silence) {

        Entry newest() {
            return instance.newest();
        }
    }

    /**
     * Takes up an entry.
     *
     * @param arrival when Redis received it
     * @return false if the entry contradicts an earlier one
     */
    boolean add(Entry entry, long arrival) {
        Instance known = instances.get(entry.source());
        if (known != null) {
            if (!known.accepts(entry)) {
                return false;
            }
            known.add(entry, arrival);
        } else if (instances.size() < MOST || removeOldestGone(arrival)) {
            instances.put(entry.source(), new Instance(entry, arrival));
        } else {
            omitted = true;
            omittedAt = arrival;
        }
        return true;
    }

    /** Makes room for a new instance: the sum without one that ended is better than the sum without one that serves. */
    private boolean removeOldestGone(long now) {
        Optional<Map.Entry<Entry.Source, Instance>> oldest = instances.entrySet().stream()
                .filter(each -> each.getValue().state(now, now) == Instance.State.GONE)
                .max(Comparator.comparing(each -> each.getValue().silence(now)));
        oldest.ifPresent(each -> {
            instances.remove(each.getKey());
            omitted = true;
            omittedAt = now;
        });
        return oldest.isPresent();
    }

    /** Removes the instances that ended before the window. */
    void removeExpired(long read) {
        instances
                .values()
                .removeIf(each -> each.state(read, read) == Instance.State.GONE
                        && each.silence(read).compareTo(WINDOW) > 0);
    }

    /**
     * All instances by name, the newest start of a name first.
     *
     * @param read when the stream was last read
     */
    List<Member> members(long now, long read) {
        return instances.values().stream()
                .map(each -> new Member(each, each.state(now, read), each.silence(now)))
                .sorted(Comparator.comparing(
                                (Member each) -> each.newest().source().name())
                        .thenComparing(each -> each.newest().uptime())
                        .thenComparingLong(each -> each.newest().source().start()))
                .toList();
    }

    /** Whether the sums lack an instance because there were more than {@link #MOST} in the last minute. */
    boolean isIncomplete(long now) {
        return omitted && now - omittedAt <= LIMIT_SHOWN;
    }
}
