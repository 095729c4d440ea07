package dev.resound.bench;

import dev.resound.bench.load.Load;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The figures, as a table for people and as JSON. */
final class Report {

    private static final String HEAD = """
            | case | server | ratio | µs of CPU/message | best | user | system | messages/s | p50 µs | p99 µs | p99.9 µs | RSS MiB | server load | generator load |
            |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
            """;

    private final JsonObject facts;
    private final List<Row> rows;
    private final List<Summary> summaries;

    /** @param servers of which the first is what the others are held against */
    Report(JsonObject facts, List<Row> rows, List<Load> cases, List<String> servers) {
        this.facts = facts;
        this.rows = rows;
        this.summaries = cases.stream()
                .flatMap(load -> servers.stream().map(server -> Summary.of(rows, load, server, servers.getFirst())))
                .toList();
    }

    /** Medians over the rounds, in Markdown. */
    String table() {
        var table = new StringBuilder(HEAD);
        summaries.forEach(summary -> table.append(line(summary)));
        return table.toString();
    }

    private static String line(Summary summary) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %s | %s | %s | %s | %,.0f | %,.0f | %,.0f | %,.0f | %.0f | %.0f %% | %.0f %%%s |%n",
                summary.load(),
                summary.server(),
                summary.ratio(),
                micros(summary.median(Summary.CPU)),
                micros(summary.best(Summary.CPU)),
                micros(summary.median("server_user_us_per_message")),
                micros(summary.median("server_system_us_per_message")),
                summary.median("messages_per_second"),
                summary.median("p50_us"),
                summary.median("p99_us"),
                summary.median("p99.9_us"),
                summary.median("server_rss_mib"),
                100 * summary.median("server_load"),
                100 * summary.median("generator_load"),
                summary.generatorWasTheBottleneck() ? ": the bottleneck" : "");
    }

    private static String micros(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    void write(Path directory) throws IOException {
        var json = new JsonObject()
                .put("facts", facts)
                .put(
                        "summary",
                        new JsonArray(summaries.stream().map(Summary::toJson).toList()))
                .put("rows", new JsonArray(rows.stream().map(Row::toJson).toList()));
        Files.writeString(directory.resolve("benchmark.json"), json.encodePrettily() + "\n");
        Files.writeString(directory.resolve("table.md"), table());
    }
}
