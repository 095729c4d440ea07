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
 * The samples of the last 15 minutes, coarsely, for those who connect now. Kept as text, since that is all that is done with them:
 * rows of numbers, as names in each of them would make it several times as large. Any thread may ask for it.
 */
final class History {

    private static final Duration SPAN = Duration.ofMinutes(15);
    private static final Duration FINEST = Duration.ofSeconds(5);

    /** What is no number, and the same in all samples. */
    private static final Set<String> CONSTANT = Set.of("type", "instance");

    private final Duration step;
    private final int samplesPerRow;
    private final int mostRows;
    private final Deque<String> rows = new ArrayDeque<>();
    private String columns = "[]";
    /** What {@link #encode} returned last; empty if there is a new row since then. */
    private String encoded = "";

    private long samples;

    /** @param interval between two samples */
    History(Duration interval) {
        // Durations divide and multiply by BigDecimal, which takes a tenth of the service's start to get ready.
        samplesPerRow = (int) Math.max(1, FINEST.toNanos() / interval.toNanos());
        step = Duration.ofNanos(interval.toNanos() * samplesPerRow);
        mostRows = (int) Math.max(1, SPAN.toNanos() / step.toNanos());
    }

    /** Whether the next sample is one to keep; to be asked once for each sample. */
    synchronized boolean isDue() {
        return samples++ % samplesPerRow == 0;
    }

    /** Keeps a sample. */
    synchronized void add(JsonObject sample) {
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

    /** As JSON; what {@code columns} names are paths into a sample. Encodes it again only if there is a new row. */
    synchronized String encode() {
        if (encoded.isEmpty()) {
            encoded = "{\"step\":%s,\"columns\":%s,\"rows\":[%s]}"
                    .formatted(Decimal.seconds(step).toPlainString(), columns, String.join(",", rows));
        }
        return encoded;
    }
}
