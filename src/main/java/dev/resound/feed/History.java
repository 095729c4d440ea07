package dev.resound.feed;

import io.vertx.core.json.Json;
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
 * rows of numbers, as names in each of them would make it several times as large.
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
    private JsonArray columns = new JsonArray();
    private long samples;

    /** @param interval between two samples */
    History(Duration interval) {
        samplesPerRow = (int) Math.max(1, FINEST.dividedBy(interval));
        step = interval.multipliedBy(samplesPerRow);
        mostRows = (int) Math.max(1, SPAN.dividedBy(step));
    }

    /**
     * Keeps a sample, if it is time for one.
     *
     * @return whether it was
     */
    boolean add(JsonObject sample) {
        if (samples++ % samplesPerRow != 0) {
            return false;
        }
        List<String> paths = new ArrayList<>();
        var row = new JsonArray();
        leaves("", sample, paths, row);
        columns = new JsonArray(paths);
        rows.addLast(row.encode());
        if (rows.size() > mostRows) {
            rows.removeFirst();
        }
        return true;
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

    /** As JSON; what {@code columns} name are paths into a sample. */
    String encode() {
        return "{\"step\":%s,\"columns\":%s,\"rows\":[%s]}"
                .formatted(Json.encode(Decimal.seconds(step)), columns.encode(), String.join(",", rows));
    }
}
