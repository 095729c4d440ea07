package dev.resound.bench;

import dev.resound.bench.load.Load;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * All rounds of one server in one case.
 *
 * @param rows one for each round
 * @param first those of the first server, of the same rounds, which the others are held against
 */
record Summary(Load load, String server, List<Row> rows, List<Row> first) {

    static final String CPU = "server_us_per_message";

    /** Above that, a process has no processor left. */
    private static final double BUSY = 0.95;

    static Summary of(List<Row> all, Load load, String server, String first) {
        return new Summary(load, server, select(all, load, server), select(all, load, first));
    }

    private static List<Row> select(List<Row> all, Load load, String server) {
        return all.stream()
                .filter(row -> row.load().equals(load) && row.server().equals(server))
                .toList();
    }

    double median(String figure) {
        return median(figures(rows, figure));
    }

    double best(String figure) {
        return figures(rows, figure).min().orElse(Double.NaN);
    }

    /** The median of the rounds' ratios: what happens in one round only does not tilt it. */
    double ratio() {
        double[] own = figures(rows, CPU).toArray();
        double[] theirs = figures(first, CPU).toArray();
        return median(IntStream.range(0, own.length).mapToDouble(round -> own[round] / theirs[round]));
    }

    /** Whether the generator was at its end and the server was not, so that more might have gone through. */
    boolean generatorWasTheBottleneck() {
        return !load.isOpen() && median("generator_load") > BUSY && median("server_load") < BUSY;
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("case", load.toString())
                .put("server", server)
                .put("ratio", ratio())
                .put(CPU, median(CPU))
                .put("best_" + CPU, best(CPU))
                .put("messages_per_second", median("messages_per_second"))
                .put("p50_us", median("p50_us"))
                .put("p99_us", median("p99_us"))
                .put("p99.9_us", median("p99.9_us"))
                .put("generator_was_the_bottleneck", generatorWasTheBottleneck());
    }

    private static DoubleStream figures(List<Row> rows, String figure) {
        return rows.stream().mapToDouble(row -> row.get(figure));
    }

    private static double median(DoubleStream figures) {
        double[] sorted = figures.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
