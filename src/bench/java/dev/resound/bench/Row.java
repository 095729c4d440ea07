package dev.resound.bench;

import dev.resound.bench.load.Load;
import io.vertx.core.json.JsonObject;

/**
 * One measurement.
 *
 * @param figures as the generator gave them
 */
record Row(int round, Load load, String server, JsonObject figures) {

    double get(String figure) {
        return figures.getDouble(figure);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("round", round)
                .put("case", load.toString())
                .put("server", server)
                .mergeIn(figures);
    }
}
