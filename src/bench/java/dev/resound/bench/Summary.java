package dev.resound.bench;

import dev.resound.bench.load.Load;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All rounds of one server in one case.
 *
 * @param rows one for each round
 * @param first those of the first server, of the same rounds, which the others are held against
 */
record Summary(Load load, String server, List<Row> rows, List<Row> first) {

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

    /** What the case is measured for. */
    double cost() {
        return median(load.kind().figure);
    }

    double bestCost() {
        return figures(rows, load.kind().figure).min().orElse(Double.NaN);
    }

    double median(String figure) {
        return median(figures(rows, figure));
    }

    /** The median of the rounds' ratios: what happens in one round only does not tilt it. */
    double ratio() {
        double[] own = figures(rows, load.kind().figure).toArray();
        double[] theirs = figures(first, load.kind().figure).toArray();
        return median(IntStream.range(0, own.length).mapToDouble(round -> own[round] / theirs[round]));
    }

    /** Whether the generator was at its end and the server was not, so that more might have gone through. */
    boolean generatorWasTheBottleneck() {
        return !load.isOpen() && median("generator_load") > BUSY && median("server_load") < BUSY;
    }

    JsonObject toJson() {
        var json = new JsonObject()
                .put("case", load.toString())
                .put("server", server)
                .put("unit", load.kind().unit)
                .put("ratio", ratio())
                .put(load.kind().figure, cost())
                .put("best_" + load.kind().figure, bestCost())
                .put("generator_was_the_bottleneck", generatorWasTheBottleneck());
        Stream.of("messages_per_second", "p50_us", "p99_us", "p99.9_us")
                .filter(figure -> !Double.isNaN(median(figure)))
                .forEach(figure -> json.put(figure, median(figure)));
        return json;
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
