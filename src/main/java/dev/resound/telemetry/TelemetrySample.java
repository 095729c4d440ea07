package dev.resound.telemetry;

import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * What one event loop publishes once per interval, even if nothing was counted: a new listener learns within one interval what is open,
 * and the lag is always reported.
 *
 * @param loop the number of the event loop within its process, from 0
 * @param elapsed since the same loop's previous sample, or since its start
 * @param connections the connections that are open now
 * @param counts what was counted since the previous sample
 * @param lag of the event loop since the previous sample
 */
public record TelemetrySample(
        int loop, Duration elapsed, OpenConnections connections, CounterSnapshot counts, Lag lag) {

    /**
     * How late the timer ticks of an event loop ran, so how long other work had to wait for that loop.
     *
     * @param newest delay of the last tick of the interval
     * @param worst the largest delay in the interval
     */
    public record Lag(Duration newest, Duration worst) {

        /** Every tick was on time. */
        public static final Lag NONE = new Lag(Duration.ZERO, Duration.ZERO);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("loop", loop)
                .put("elapsedNanos", elapsed.toNanos())
                .put("connections", connections.toJson())
                .put("counts", counts.toJson())
                .put("lagNanos", lag.newest().toNanos())
                .put("worstLagNanos", lag.worst().toNanos());
    }

    static TelemetrySample fromJson(JsonObject json) {
        return new TelemetrySample(
                json.getInteger("loop"),
                Duration.ofNanos(json.getLong("elapsedNanos")),
                OpenConnections.fromJson(json.getJsonObject("connections")),
                CounterSnapshot.fromJson(json.getJsonObject("counts")),
                new Lag(Duration.ofNanos(json.getLong("lagNanos")), Duration.ofNanos(json.getLong("worstLagNanos"))));
    }
}
