package dev.resound.fleet;

import dev.resound.telemetry.Metric;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The numbers of the columns of an entry: the lines of {@code columns.txt}, from 1. Different versions of the service read the same stream,
 * so a line never changes its place. A new counter gets a new line at the end.
 */
final class EntryColumns {

    /** The place of what the format leaves out: the sums of histograms, which the feed does not show and which need more bits. */
    static final int NOT_KEPT = 0;

    private static final String SUM = "nanos";

    /** The numbers of an entry that are neither counters nor open connections. */
    enum Gauge {
        UPTIME_MILLIS,
        INTERVAL_MILLIS,
        CONNECTIONS_LIMIT,
        LAG_NEWEST_MICROS,
        LAG_WORST_MICROS,
        HEAP_USED,
        HEAP_MAX;

        String column() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final int size;
    private final Map<Gauge, Integer> gauges = new EnumMap<>(Gauge.class);
    private final Map<Metric, int[]> counters = new EnumMap<>(Metric.class);
    /** By HTTP protocol, then by kind. */
    private final int[][] open;

    EntryColumns() {
        Map<String, Integer> numbers = new HashMap<>();
        for (String line : lines()) {
            numbers.put(line, numbers.size() + 1);
        }
        size = numbers.size() + 1;
        for (Gauge gauge : Gauge.values()) {
            gauges.put(gauge, number(numbers, gauge.column()));
        }
        for (Metric metric : Metric.values()) {
            counters.put(
                    metric,
                    metric.columns().stream()
                            .mapToInt(column -> column.equals(SUM) ? NOT_KEPT : number(numbers, name(metric, column)))
                            .toArray());
        }
        open = Stream.of(HttpProtocol.values())
                .map(http -> Stream.of(ConnectionKind.values())
                        .mapToInt(kind -> number(numbers, name(kind, http)))
                        .toArray())
                .toArray(int[][]::new);
    }

    private static int number(Map<String, Integer> numbers, String name) {
        return Objects.requireNonNull(numbers.get(name), () -> "columns.txt has no line " + name);
    }

    /** The lines of {@code columns.txt}. */
    static List<String> lines() {
        try (InputStream file = EntryColumns.class.getResourceAsStream("columns.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines that {@code columns.txt} must have. */
    static Stream<String> needed() {
        return Stream.of(
                        Stream.of(Gauge.values()).map(Gauge::column),
                        Stream.of(HttpProtocol.values())
                                .flatMap(http ->
                                        Stream.of(ConnectionKind.values()).map(kind -> name(kind, http))),
                        Stream.of(Metric.values())
                                .flatMap(metric -> metric.columns().stream()
                                        .filter(column -> !column.equals(SUM))
                                        .map(column -> name(metric, column))))
                .flatMap(names -> names);
    }

    private static String name(Metric metric, String column) {
        return metric.key() + " " + column;
    }

    private static String name(ConnectionKind kind, HttpProtocol http) {
        return Metric.CONNECTIONS.key() + " " + kind.label() + " over HTTP/" + http.label();
    }

    /** The number after the last column. */
    int size() {
        return size;
    }

    int of(Gauge gauge) {
        return Objects.requireNonNull(gauges.get(gauge));
    }

    /** @param column of {@link Metric#columns} */
    int of(Metric metric, int column) {
        return Objects.requireNonNull(counters.get(metric))[column];
    }

    @SuppressWarnings("EnumOrdinal") // Indexes of an array of this process; the numbers on the wire are in it.
    int of(ConnectionKind kind, HttpProtocol http) {
        return open[http.ordinal()][kind.ordinal()];
    }
}
