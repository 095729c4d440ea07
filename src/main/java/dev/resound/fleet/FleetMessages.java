package dev.resound.fleet;

import dev.resound.feed.Decimal;
import dev.resound.feed.FeedMessages;
import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.Metric;
import dev.resound.telemetry.OpenConnections;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The messages of the fleet's feed as JSON. */
final class FleetMessages {

    /** The value of a column for an instance at a time. */
    private interface Column extends BiFunction<FleetView.Member, Long, @Nullable Object> {}

    /** The columns of the rows, one row per instance. */
    private static final Map<String, Column> COLUMNS = columns();

    private FleetMessages() {}

    private static Map<String, Column> columns() {
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("id", (each, now) -> each.newest().source().id());
        columns.put("name", (each, now) -> each.newest().source().name());
        columns.put("version", (each, now) -> each.newest().version());
        columns.put("state", (each, now) -> each.state().label());
        columns.put("ended", (each, now) -> each.newest().state() == Entry.State.ENDED);
        columns.put("age", (each, now) -> Decimal.ofMillis(each.silence().toMillis()));
        columns.put(
                "uptime", (each, now) -> Decimal.ofMillis(each.newest().uptime().toMillis()));
        columns.put("connections", (each, now) -> total(each.instance().open(each.state())));
        columns.put("connectionsLimit", (each, now) -> each.newest().connectionsLimit());
        columns.put("accepted", (each, now) -> accepted(each.newest().counts()));
        columns.put(
                "refused",
                (each, now) -> each.newest().counts().of(Metric.HANDSHAKES)
                        - accepted(each.newest().counts()));
        columns.put("closed", (each, now) -> each.newest().counts().of(Metric.CONNECTIONS_CLOSED));
        columns.put("received", (each, now) -> each.newest().counts().of(Metric.MESSAGES_RECEIVED));
        columns.put("sent", (each, now) -> each.newest().counts().of(Metric.MESSAGES_SENT));
        columns.put("receivedBytes", (each, now) -> each.newest().counts().of(Metric.RECEIVED_BYTES));
        columns.put("sentBytes", (each, now) -> each.newest().counts().of(Metric.SENT_BYTES));
        columns.put("receivedRate", (each, now) -> rate(each, Metric.MESSAGES_RECEIVED));
        columns.put("sentRate", (each, now) -> rate(each, Metric.MESSAGES_SENT));
        columns.put("roundTripP50", (each, now) -> roundTrip(each, now, 0.5));
        columns.put("roundTripP99", (each, now) -> roundTrip(each, now, 0.99));
        columns.put("lag", (each, now) -> Decimal.seconds(each.newest().lag().worst()));
        columns.put("heapUsed", (each, now) -> each.newest().heapUsed());
        columns.put("heapMax", (each, now) -> each.newest().heapMax());
        return columns;
    }

    private static long total(OpenConnections open) {
        return Stream.of(ConnectionKind.values()).mapToLong(open::of).sum();
    }

    private static long accepted(CounterSnapshot counts) {
        return counts.of(Metric.HANDSHAKES, HandshakeOutcome.ACCEPTED);
    }

    private static BigDecimal rate(FleetView.Member each, Metric counter) {
        Duration elapsed = each.instance().interval().elapsed();
        return elapsed.isZero() || !each.state().isCurrent()
                ? BigDecimal.ZERO
                : Decimal.rate(each.instance().interval().counts().of(counter) * 1000.0 / elapsed.toMillis());
    }

    private static @Nullable BigDecimal roundTrip(FleetView.Member each, long now, double quantile) {
        var value = each.instance().recent(now).quantile(Metric.PING_RTT, quantile);
        return value.isPresent() ? Decimal.seconds(value.getAsDouble()) : null;
    }

    /**
     * The first message.
     *
     * @param common the members that the hello of each feed has
     */
    static JsonObject hello(JsonObject common, Duration interval, String fleet) {
        return common.put("interval", Decimal.seconds(interval))
                .put("fleet", fleet)
                .put("window", Decimal.seconds(FleetView.WINDOW))
                .put("columns", new JsonArray(List.copyOf(COLUMNS.keySet())));
    }

    /** The sums over all instances; the history keeps them too. */
    static JsonObject sums(List<FleetView.Member> members, boolean incomplete, long now) {
        return new JsonObject()
                .put("instances", numbers(members).put("limitReached", incomplete))
                .mergeIn(FeedMessages.counted(
                        CounterSnapshot.sum(() -> members.stream()
                                .map(each -> each.newest().counts())
                                .iterator()),
                        CounterSnapshot.sum(() -> members.stream()
                                .map(each -> each.instance().recent(now))
                                .iterator()),
                        members.stream()
                                .map(each -> each.instance().open(each.state()))
                                .reduce(OpenConnections.NONE, OpenConnections::plus),
                        members.stream()
                                .filter(each -> each.state().isCurrent())
                                .map(each -> each.instance().interval())
                                .toList()))
                .put("connectionsLimit", sum(members, Entry::connectionsLimit))
                .put(
                        "heap",
                        new JsonObject()
                                .put("used", sum(members, Entry::heapUsed))
                                .put("max", sum(members, Entry::heapMax)));
    }

    private static JsonObject numbers(List<FleetView.Member> members) {
        var numbers = new JsonObject();
        for (Instance.State state : Instance.State.values()) {
            numbers.put(
                    state.label(),
                    members.stream().filter(each -> each.state() == state).count());
        }
        return numbers;
    }

    /** The sum over the instances that are not gone. */
    private static long sum(List<FleetView.Member> members, ToLongFunction<Entry> number) {
        return members.stream()
                .filter(each -> each.state() != Instance.State.GONE)
                .mapToLong(each -> number.applyAsLong(each.newest()))
                .sum();
    }

    /** The rows of a sample, with the columns that the hello names. */
    static JsonArray rows(List<FleetView.Member> members, long now) {
        var rows = new JsonArray();
        for (FleetView.Member each : members) {
            var row = new JsonArray();
            COLUMNS.values().forEach(column -> row.add(column.apply(each, now)));
            rows.add(row);
        }
        return rows;
    }
}
