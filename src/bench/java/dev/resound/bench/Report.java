package dev.resound.bench;

import dev.resound.bench.load.Load;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures, as tables for people and as JSON. */
final class Report {

    private static final List<String> HEAD = List.of(
            "case",
            "server",
            "unit",
            "ratio",
            "cost",
            "best",
            "user",
            "system",
            "messages/s",
            "p50 µs",
            "p99 µs",
            "p99.9 µs",
            "RSS MiB",
            "server load",
            "generator load");

    private final JsonObject facts;
    private final List<Row> rows;
    private final List<Load> cases;
    private final List<String> servers;
    private final List<Summary> summaries;

    /** @param servers of which the first is what the others are held against */
    Report(JsonObject facts, List<Row> rows, List<Load> cases, List<String> servers) {
        this.facts = facts;
        this.rows = rows;
        this.cases = cases;
        this.servers = servers;
        this.summaries = cases.stream()
                .flatMap(load -> servers.stream().map(server -> Summary.of(rows, load, server, servers.getFirst())))
                .toList();
    }

    /** Everything: medians over the rounds. */
    String details() {
        var table = new Table(3, HEAD);
        summaries.forEach(summary -> table.add(List.of(
                summary.load().toString(),
                summary.server(),
                summary.load().kind().unit,
                format("%.2f", summary.ratio()),
                amount(summary.cost()),
                amount(summary.bestCost()),
                amount(summary.median("server_user_us_per_message")),
                amount(summary.median("server_system_us_per_message")),
                format("%,.0f", summary.median("messages_per_second")),
                format("%,.0f", summary.median("p50_us")),
                format("%,.0f", summary.median("p99_us")),
                format("%,.0f", summary.median("p99.9_us")),
                format("%.0f", summary.median("server_rss_mib")),
                format("%.0f %%", 100 * summary.median("server_load")),
                format("%.0f %%", 100 * summary.median("generator_load"))
                        + (summary.generatorWasTheBottleneck() ? " (!)" : ""))));
        return table.toString();
    }

    /** What a message or a connection costs, as the ratio to the first server, and as the median with the best round behind it. */
    String costs() {
        List<String> head = new ArrayList<>(List.of("server"));
        cases.forEach(load -> head.add(load.toString()));
        var table = new Table(1, head);
        for (String server : servers) {
            List<String> line = new ArrayList<>(List.of(server));
            summaries.stream()
                    .filter(summary -> summary.server().equals(server))
                    .forEach(summary -> line.add("%s: %s (%s)"
                            .formatted(
                                    format("%.2f", summary.ratio()),
                                    amount(summary.cost()),
                                    amount(summary.bestCost()))));
            table.add(line);
        }
        return table.toString();
    }

    /** What the reader has to know of how far the figures can be trusted. */
    String notes() {
        double others =
                rows.stream().mapToDouble(row -> row.get("others_load")).max().orElse(0);
        String bottleneck = summaries.stream().anyMatch(Summary::generatorWasTheBottleneck)
                ? "(!) The generator had no processor left and the server had: more messages might have gone through.\n"
                : "";
        return bottleneck
                + format("Other processes took up to %.0f %% of a processor during a measurement.%n", 100 * others);
    }

    private static String amount(double value) {
        return format(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    private static String format(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    void write(Path directory) throws IOException {
        var json = new JsonObject()
                .put("facts", facts)
                .put(
                        "summary",
                        new JsonArray(summaries.stream().map(Summary::toJson).toList()))
                .put("rows", new JsonArray(rows.stream().map(Row::toJson).toList()));
        Files.writeString(directory.resolve("benchmark.json"), json.encodePrettily() + "\n");
        Files.writeString(directory.resolve("benchmark.md"), toString());
    }

    @Override
    public String toString() {
        return details() + "\n" + costs() + "\n" + notes();
    }
}
