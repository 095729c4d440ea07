package dev.resound.telemetry;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was counted and observed, by the {@link Metric}s of the catalogue; immutable. Counts of several loops or intervals add up. */
public final class Counts {

    /** Nothing at all. */
    public static final Counts NONE = new Counts(empty());

    /** By metric, then by its columns. */
    private final long[][] numbers;

    /** @param numbers shaped as {@link #empty}, and not touched by the caller any more */
    Counts(long[][] numbers) {
        this.numbers = numbers;
    }

    /** Zeros: a row for each metric, with its columns. */
    static long[][] empty() {
        return Stream.of(Metric.values())
                .map(metric -> new long[metric.columns().size()])
                .toArray(long[][]::new);
    }

    /** A counter, all its label values together, or the number of a histogram's observations. */
    public long of(Metric metric) {
        return metric.type() == Metric.Type.HISTOGRAM
                ? buckets(metric).stream().mapToLong(Long::longValue).sum()
                : LongStream.of(numbers[metric.row()]).sum();
    }

    /**
     * A counter for one label value.
     *
     * @param label a constant of the enum behind the metric's {@link Label}, such as {@code MessageType.TEXT}
     */
    public long of(Metric counter, Enum<?> label) {
        return column(counter, Metric.column(label));
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

    /** Both together. */
    public Counts plus(Counts more) {
        return combine(more, 1);
    }

    /** What was counted since an earlier time. */
    public Counts minus(Counts earlier) {
        return combine(earlier, -1);
    }

    private Counts combine(Counts other, int sign) {
        long[][] result = empty();
        for (int i = 0; i < result.length; i++) {
            for (int j = 0; j < result[i].length; j++) {
                result[i][j] = numbers[i][j] + sign * other.numbers[i][j];
            }
        }
        return new Counts(result);
    }

    long column(Metric metric, int index) {
        return numbers[metric.row()][index];
    }

    /** What is not zero, by the metrics' names and their columns'. */
    JsonObject toJson() {
        var json = new JsonObject();
        for (Metric metric : Metric.values()) {
            var row = new JsonObject();
            for (int i = 0; i < metric.columns().size(); i++) {
                if (column(metric, i) != 0) {
                    row.put(metric.columns().get(i), column(metric, i));
                }
            }
            if (!row.isEmpty()) {
                json.put(metric.key(), row);
            }
        }
        return json;
    }

    /** The other way round; what this version does not know, as a newer one may send it, is left out. */
    static Counts fromJson(JsonObject json) {
        long[][] numbers = empty();
        for (Metric metric : Metric.values()) {
            JsonObject row = json.getJsonObject(metric.key(), new JsonObject());
            for (int i = 0; i < metric.columns().size(); i++) {
                numbers[metric.row()][i] = row.getLong(metric.columns().get(i), 0L);
            }
        }
        return new Counts(numbers);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Counts counts && Arrays.deepEquals(numbers, counts.numbers);
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
