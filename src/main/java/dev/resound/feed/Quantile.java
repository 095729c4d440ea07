package dev.resound.feed;

import java.util.List;
import java.util.OptionalDouble;

/** Estimates quantiles from a histogram in the same way as Prometheus' {@code histogram_quantile}. */
final class Quantile {

    private Quantile() {}

    /**
     * The value below which a share of the observations lies, taken to be spread evenly within their bucket.
     *
     * @param quantile from 0 to 1
     * @param bounds the buckets' upper bounds; the last is infinity, and what lies beyond the one before it counts as that one
     * @param observations in each bucket, not cumulative
     * @return empty where there is no observation
     */
    static OptionalDouble of(double quantile, List<Double> bounds, List<Long> observations) {
        long all = observations.stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            return OptionalDouble.empty();
        }
        double rank = quantile * all;
        long below = 0;
        for (int i = 0; i < bounds.size() - 1; i++) {
            long in = observations.get(i);
            if (in > 0 && below + in >= rank) {
                double from = i == 0 ? 0 : bounds.get(i - 1);
                return OptionalDouble.of(from + (bounds.get(i) - from) * (rank - below) / in);
            }
            below += in;
        }
        return OptionalDouble.of(bounds.get(bounds.size() - 2));
    }
}
