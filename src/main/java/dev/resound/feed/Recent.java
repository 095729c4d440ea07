package dev.resound.feed;

import dev.resound.telemetry.Counts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was counted within about the last minute, for percentiles that tell of now. It is told the time. */
final class Recent {

    private static final long SPAN = Duration.ofMinutes(1).toNanos();
    /** One total is kept for each second at the most, however short the interval. */
    private static final long STEP = Duration.ofSeconds(1).toNanos();

    private final Deque<Total> totals = new ArrayDeque<>();

    private record Total(long time, Counts counts) {}

    /** @param now in nanoseconds from an arbitrary origin; nothing has been counted by then */
    Recent(long now) {
        totals.add(new Total(now, Counts.NONE));
    }

    /**
     * Takes note of what was counted in all.
     *
     * @return what of it was counted within the last minute
     */
    Counts within(long now, Counts total) {
        while (totals.size() > 1 && now - totals.getFirst().time() > SPAN) {
            totals.removeFirst();
        }
        Counts before = totals.getFirst().counts();
        if (now - totals.getLast().time() >= STEP) {
            totals.addLast(new Total(now, total));
        }
        return total.minus(before);
    }
}
