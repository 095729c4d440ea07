package dev.resound.telemetry;

import dev.resound.websocket.handshake.HttpProtocol;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counters and histograms by {@link Metric}, at one moment or over an interval; immutable. Snapshots of several loops or intervals add up. */
public final class CounterSnapshot {

    /** All zeros. */
    public static final CounterSnapshot EMPTY = new CounterSnapshot(zeros());

    /** By metric, then by its columns. */
    private final long[][] numbers;

    /** @param numbers shaped as {@link #zeros}; the caller must not change them any more */
    CounterSnapshot(long[][] numbers) {
        this.numbers = numbers;
    }

    /** Where to get the numbers of a snapshot. */
    public interface Source {
        /** The number in one of the metric's {@link Metric#columns}. */
        long at(Metric metric, int column);
    }

    /** A snapshot of the numbers of a source. */
    public static CounterSnapshot from(Source source) {
        long[][] numbers = zeros();
        for (Metric metric : Metric.values()) {
            long[] row = numbers[metric.row()];
            for (int i = 0; i < row.length; i++) {
                row[i] = source.at(metric, i);
            }
        }
        return new CounterSnapshot(numbers);
    }

    /** The sum of any number of snapshots. */
    public static CounterSnapshot sum(Iterable<CounterSnapshot> snapshots) {
        long[][] sum = zeros();
        for (CounterSnapshot snapshot : snapshots) {
            for (int i = 0; i < sum.length; i++) {
                for (int j = 0; j < sum[i].length; j++) {
                    sum[i][j] += snapshot.numbers[i][j];
                }
            }
        }
        return new CounterSnapshot(sum);
    }

    /** Whether no number is smaller than in an earlier snapshot. */
    public boolean continues(CounterSnapshot earlier) {
        for (int i = 0; i < numbers.length; i++) {
            for (int j = 0; j < numbers[i].length; j++) {
                if (numbers[i][j] < earlier.numbers[i][j]) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Zeros: a row for each metric, with its columns. */
    static long[][] zeros() {
        return Stream.of(Metric.values())
                .map(metric -> new long[metric.columns().size()])
                .toArray(long[][]::new);
    }

    /** A counter summed over its label values, or the number of observations of a histogram. */
    public long of(Metric metric) {
        return metric.type() == Metric.Type.HISTOGRAM
                ? buckets(metric).stream().mapToLong(Long::longValue).sum()
                : LongStream.of(numbers[metric.row()]).sum();
    }

    /**
     * A counter for one label value; summed over the HTTP protocols if it has the label {@link Metric.Label#HTTP} too.
     *
     * @param label a constant of the enum behind the metric's first {@link Metric.Label}, such as {@code MessageType.TEXT}
     */
    public long of(Metric counter, Enum<?> label) {
        return overAllProtocols(counter, Metric.column(label));
    }

    /** A counter for one label value and HTTP protocol. */
    public long of(Metric counter, Enum<?> label, HttpProtocol http) {
        return column(counter, Metric.column(http) * counter.stride() + Metric.column(label));
    }

    private long overAllProtocols(Metric metric, int first) {
        long sum = 0;
        for (int i = first; i < metric.columns().size(); i += metric.stride()) {
            sum += column(metric, i);
        }
        return sum;
    }

    /** The observations in each bucket of a histogram, not cumulative. */
    public List<Long> buckets(Metric histogram) {
        long[] row = numbers[histogram.row()];
        return LongStream.of(row).limit(row.length - 1L).boxed().toList();
    }

    /** The sum of a histogram's observations. */
    public Duration sum(Metric histogram) {
        long[] row = numbers[histogram.row()];
        return Duration.ofNanos(row[row.length - 1]);
    }

    /**
     * Estimates a quantile of a histogram in seconds, like {@code histogram_quantile} of Prometheus: observations are spread evenly within
     * their bucket, and those above the last finite bound count as that bound.
     *
     * @param quantile from 0 to 1
     * @return empty if there are no observations
     */
    public OptionalDouble quantile(Metric histogram, double quantile) {
        return quantile(quantile, histogram.buckets().bounds(), buckets(histogram));
    }

    static OptionalDouble quantile(double quantile, List<Double> bounds, List<Long> observations) {
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

    /** The sum of both. */
    public CounterSnapshot plus(CounterSnapshot more) {
        return combine(more, 1);
    }

    /** What was counted since an earlier snapshot. */
    public CounterSnapshot minus(CounterSnapshot earlier) {
        return combine(earlier, -1);
    }

    private CounterSnapshot combine(CounterSnapshot other, int sign) {
        long[][] result = zeros();
        for (int i = 0; i < result.length; i++) {
            for (int j = 0; j < result[i].length; j++) {
                result[i][j] = numbers[i][j] + sign * other.numbers[i][j];
            }
        }
        return new CounterSnapshot(result);
    }

    /** The number in one of the metric's {@link Metric#columns}. */
    public long column(Metric metric, int index) {
        return numbers[metric.row()][index];
    }

    /**
     * The numbers that are not zero, by metric and column. The first columns contain the sum over all HTTP protocols, because versions of
     * the service without WebSockets over HTTP/2 read only those.
     */
    JsonObject toJson() {
        var json = new JsonObject();
        for (Metric metric : Metric.values()) {
            var row = new JsonObject();
            for (int i = 0; i < metric.columns().size(); i++) {
                long number = i < metric.stride() ? overAllProtocols(metric, i) : column(metric, i);
                if (number != 0) {
                    row.put(metric.columns().get(i), number);
                }
            }
            if (!row.isEmpty()) {
                json.put(metric.key(), row);
            }
        }
        return json;
    }

    /** Reads {@link #toJson}; ignores what this version does not know, because a newer one may send more. */
    static CounterSnapshot fromJson(JsonObject json) {
        long[][] numbers = zeros();
        for (Metric metric : Metric.values()) {
            JsonObject row = json.getJsonObject(metric.key(), new JsonObject());
            for (int i = 0; i < metric.columns().size(); i++) {
                long number = row.getLong(metric.columns().get(i), 0L);
                numbers[metric.row()][i] = number;
                if (i >= metric.stride()) {
                    numbers[metric.row()][i % metric.stride()] -= number;
                }
            }
        }
        return new CounterSnapshot(numbers);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CounterSnapshot counts && Arrays.deepEquals(numbers, counts.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(numbers);
    }

    @Override
    public String toString() {
        return toJson().encode();
    }
}
