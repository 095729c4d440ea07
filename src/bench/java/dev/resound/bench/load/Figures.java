package dev.resound.bench.load;

import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;

/**
 * What was measured.
 *
 * @param messages echoes in the time that was measured
 * @param elapsed in nanoseconds
 * @param used by the server, of processors
 * @param own what the generator used of them, in nanoseconds
 * @param resident the server's memory in bytes
 * @param latencies in nanoseconds
 */
record Figures(long messages, long elapsed, ProcessTimes used, long own, long resident, Histogram latencies) {

    JsonObject toJson() {
        return new JsonObject()
                .put("messages", messages)
                .put("seconds", elapsed / 1e9)
                .put("messages_per_second", messages * 1e9 / elapsed)
                .put("server_us_per_message", perMessage(used.total()))
                .put("server_user_us_per_message", perMessage(used.user()))
                .put("server_system_us_per_message", perMessage(used.system()))
                .put("server_load", (double) used.total() / elapsed)
                .put("generator_load", (double) own / elapsed)
                .put("p50_us", latencies.getValueAtPercentile(50) / 1e3)
                .put("p99_us", latencies.getValueAtPercentile(99) / 1e3)
                .put("p99.9_us", latencies.getValueAtPercentile(99.9) / 1e3)
                .put("max_us", latencies.getMaxValue() / 1e3)
                .put("server_rss_mib", resident / 1048576.0);
    }

    private double perMessage(long nanos) {
        return nanos / 1e3 / Math.max(1, messages);
    }
}
