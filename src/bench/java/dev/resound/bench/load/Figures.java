package dev.resound.bench.load;

import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;

/**
 * What was measured.
 *
 * @param messages echoes in that time
 * @param residentBefore the server's memory in bytes, without the connections
 * @param resident with them
 * @param latencies in nanoseconds
 */
record Figures(Load load, long messages, Usage used, long residentBefore, long resident, Histogram latencies) {

    JsonObject toJson() {
        var json = new JsonObject()
                .put("seconds", used.time() / 1e9)
                .put("server_load", load(used.server()))
                .put("generator_load", load(used.own()))
                .put("others_load", load(used.others()))
                .put("server_rss_mib", resident / 1048576.0);
        return json.mergeIn(load.kind() == Load.Kind.IDLE ? ofConnections() : ofMessages());
    }

    private JsonObject ofConnections() {
        return new JsonObject()
                .put("connections", load.connections())
                .put(load.kind().figure, (double) (resident - residentBefore) / load.connections());
    }

    private JsonObject ofMessages() {
        return new JsonObject()
                .put("messages", messages)
                .put("messages_per_second", messages * 1e9 / used.time())
                .put(load.kind().figure, perMessage(used.server()))
                .put("server_user_us_per_message", perMessage(used.user()))
                .put("server_system_us_per_message", perMessage(used.system()))
                .put("p50_us", latencies.getValueAtPercentile(50) / 1e3)
                .put("p99_us", latencies.getValueAtPercentile(99) / 1e3)
                .put("p99.9_us", latencies.getValueAtPercentile(99.9) / 1e3)
                .put("max_us", latencies.getMaxValue() / 1e3);
    }

    private double perMessage(long nanos) {
        return nanos / 1e3 / Math.max(1, messages);
    }

    /** 1 for one whole processor. */
    private double load(long nanos) {
        return (double) nanos / used.time();
    }
}
