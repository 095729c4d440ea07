package dev.resound.telemetry;

import java.util.Arrays;

/** The plain counters of one event loop: adding to them takes no lock and allocates nothing. */
final class Tally {

    private final long[][] numbers = Counts.empty();

    void add(Metric counter, long count) {
        numbers[counter.row()][0] += count;
    }

    /** @param label a constant of the enum behind the counter's {@link Label} */
    void add(Metric counter, Enum<?> label, long count) {
        numbers[counter.row()][Metric.column(label)] += count;
    }

    void observe(Metric histogram, long nanos) {
        long[] row = numbers[histogram.row()];
        row[histogram.buckets().indexOf(nanos)]++;
        row[row.length - 1] += nanos;
    }

    /** What was added since the last time, and begins anew. */
    Counts take() {
        long[][] taken = Counts.empty();
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(numbers[i], 0, taken[i], 0, taken[i].length);
            Arrays.fill(numbers[i], 0);
        }
        return new Counts(taken);
    }
}
