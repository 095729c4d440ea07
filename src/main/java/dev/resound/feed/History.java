package dev.resound.feed;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * The samples of the last 15 minutes at a coarse resolution, for new connections. They are kept as encoded rows of numbers; with names in
 * each row they would be several times as large. Thread-safe.
 */
public final class History {

    private static final Duration SPAN = Duration.ofMinutes(15);
    private static final Duration FINEST = Duration.ofSeconds(5);

    /** Members that are not numbers and are the same in all samples. */
    private static final Set<String> CONSTANT = Set.of("type", "instance");

    private final Duration step;
    private final int samplesPerRow;
    private final int mostRows;
    private final Deque<String> rows = new ArrayDeque<>();
    private String columns = "[]";
    /** The last result of {@link #encode}; empty if a row was added since. */
    private String encoded = "";

    private long samples;

    /** @param interval between two samples */
    public History(Duration interval) {
        // Duration divides and multiplies with BigDecimal, whose loading takes a tenth of the start-up time.
        samplesPerRow = (int) Math.max(1, FINEST.toNanos() / interval.toNanos());
        step = Duration.ofNanos(interval.toNanos() * samplesPerRow);
        mostRows = (int) Math.max(1, SPAN.toNanos() / step.toNanos());
    }

    /** Whether to keep the next sample. Call it once per sample. */
    synchronized boolean isDue() {
        return samples++ % samplesPerRow == 0;
    }

    /** Keeps a sample. */
    public synchronized void add(JsonObject sample) {
        List<String> paths = new ArrayList<>();
        var row = new JsonArray();
        leaves("", sample, paths, row);
        columns = new JsonArray(paths).encode();
        rows.addLast(row.encode());
        if (rows.size() > mostRows) {
            rows.removeFirst();
        }
        encoded = "";
    }

    private static void leaves(String prefix, JsonObject object, List<String> paths, JsonArray row) {
        for (String name : object.fieldNames()) {
            if (prefix.isEmpty() && CONSTANT.contains(name)) {
                continue;
            }
            if (object.getValue(name) instanceof JsonObject inner) {
                leaves(prefix + name + ".", inner, paths, row);
            } else {
                paths.add(prefix + name);
                row.add(object.getValue(name));
            }
        }
    }

    /** Encodes it as JSON, unless nothing changed; {@code columns} contains paths into a sample. */
    public synchronized String encode() {
        if (encoded.isEmpty()) {
            encoded = "{\"step\":%s,\"columns\":%s,\"rows\":[%s]}"
                    .formatted(Decimal.seconds(step).toPlainString(), columns, String.join(",", rows));
        }
        return encoded;
    }
}
