package dev.resound.bench.load;

import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;

/**
 * What was measured.
 *
 * @param messages echoes in that time
 * @param resident the server's memory in bytes
 * @param latencies in nanoseconds
 */
record Figures(long messages, Usage used, long resident, Histogram latencies) {

    JsonObject toJson() {
        return new JsonObject()
                .put("messages", messages)
                .put("seconds", used.time() / 1e9)
                .put("messages_per_second", messages * 1e9 / used.time())
                .put("server_us_per_message", perMessage(used.server()))
                .put("server_user_us_per_message", perMessage(used.user()))
                .put("server_system_us_per_message", perMessage(used.system()))
                .put("server_load", load(used.server()))
                .put("generator_load", load(used.own()))
                .put("others_load", load(used.others()))
                .put("p50_us", latencies.getValueAtPercentile(50) / 1e3)
                .put("p99_us", latencies.getValueAtPercentile(99) / 1e3)
                .put("p99.9_us", latencies.getValueAtPercentile(99.9) / 1e3)
                .put("max_us", latencies.getMaxValue() / 1e3)
                .put("server_rss_mib", resident / 1048576.0);
    }

    private double perMessage(long nanos) {
        return nanos / 1e3 / Math.max(1, messages);
    }

    /** 1 for one whole processor. */
    private double load(long nanos) {
        return (double) nanos / used.time();
    }
}
