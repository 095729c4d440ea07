package dev.resound.bench.load;

import io.vertx.core.json.JsonObject;

/**
 * What the generator is told to do.
 *
 * @param port where the server listens
 * @param pid the server's process
 * @param wire what carries the WebSockets
 * @param warmUp in nanoseconds
 * @param duration how long is measured, in nanoseconds
 */
public record Job(int port, long pid, Wire wire, Load load, long warmUp, long duration) {

    public JsonObject toJson() {
        return new JsonObject()
                .put("port", port)
                .put("pid", pid)
                .put("wire", wire.toString())
                .put("case", load.toString())
                .put("warm-up", warmUp)
                .put("duration", duration);
    }

    static Job of(JsonObject json) {
        return new Job(
                json.getInteger("port"),
                json.getLong("pid"),
                Wire.parse(json.getString("wire")),
                Load.parse(json.getString("case")),
                json.getLong("warm-up"),
                json.getLong("duration"));
    }
}
