package dev.resound.bench;

import dev.resound.bench.load.Load;
import io.vertx.core.json.JsonObject;

/**
 * One measurement.
 *
 * @param figures as the generator gave them
 */
record Row(int round, Load load, String server, JsonObject figures) {

    /** Not a number, if the case has no such figure. */
    double get(String figure) {
        return figures.getDouble(figure, Double.NaN);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("round", round)
                .put("case", load.toString())
                .put("server", server)
                .mergeIn(figures);
    }
}
