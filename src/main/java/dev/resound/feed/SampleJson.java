package dev.resound.feed;

import dev.resound.telemetry.Counts;
import dev.resound.telemetry.LoopLag;
import dev.resound.telemetry.Metric;
import dev.resound.telemetry.TelemetrySample;
import dev.resound.telemetry.Totals;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.MessageType;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The part of a sample that was counted: totals, rates and percentiles. */
final class SampleJson {

    /** The number that is shown of a counter, for one label value. */
    private interface Numbers {
        Number of(Metric counter, Enum<?> label);
    }

    private SampleJson() {}

    static JsonObject of(Totals totals, Counts recent) {
        Counts all = totals.counts();
        var json = new JsonObject()
                .put("connections", closedSet(ConnectionKind.values(), ConnectionKind::label, totals::open));
        counters(json, all::of);
        json.put("pings", new JsonObject().put("sent", all.of(Metric.PINGS_SENT)))
                .put("pongs", new JsonObject().put("received", all.of(Metric.PONGS_RECEIVED)))
                .put("backpressurePauses", all.of(Metric.BACKPRESSURE_PAUSES));
        var rates = new JsonObject();
        counters(rates, (counter, label) -> Decimal.rate(rate(totals, counter, label)));
        return json.put("rates", rates)
                .put("roundTrip", percentiles(Metric.PING_RTT, all, recent))
                .put("duration", percentiles(Metric.CONNECTION_DURATION, all, recent))
                .put("eventLoopLag", lag(totals));
    }

    private static void counters(JsonObject json, Numbers numbers) {
        json.put(
                        "handshakes",
                        closedSet(
                                HandshakeOutcome.values(),
                                HandshakeOutcome::label,
                                outcome -> numbers.of(Metric.HANDSHAKES, outcome)))
                .put(
                        "closed",
                        closedSet(
                                CloseCause.values(),
                                CloseCause::label,
                                cause -> numbers.of(Metric.CONNECTIONS_CLOSED, cause)))
                .put("messages", bothWays(numbers, Metric.MESSAGES_RECEIVED, Metric.MESSAGES_SENT))
                .put("bytes", bothWays(numbers, Metric.RECEIVED_BYTES, Metric.SENT_BYTES));
    }

    private static JsonObject bothWays(Numbers numbers, Metric received, Metric sent) {
        return new JsonObject()
                .put("received", byType(type -> numbers.of(received, type)))
                .put("sent", byType(type -> numbers.of(sent, type)));
    }

    private static JsonObject byType(Function<MessageType, Number> number) {
        return closedSet(MessageType.values(), MessageType::label, number);
    }

    private static <E> JsonObject closedSet(E[] values, Function<E, String> label, Function<E, Number> number) {
        var json = new JsonObject();
        for (E value : values) {
            json.put(label.apply(value), number.apply(value));
        }
        return json;
    }

    /** Per second, over the newest interval of each event loop: these are never exactly those of the feed. */
    private static double rate(Totals totals, Metric counter, Enum<?> label) {
        return totals.newest().stream()
                .filter(sample -> !sample.elapsed().isZero())
                .mapToDouble(sample -> sample.counts().of(counter, label) / seconds(sample.elapsed()))
                .sum();
    }

    private static JsonObject percentiles(Metric histogram, Counts all, Counts recent) {
        return new JsonObject()
                .put("count", all.of(histogram))
                .put("p50", percentile(histogram, recent, 0.5))
                .put("p90", percentile(histogram, recent, 0.9))
                .put("p99", percentile(histogram, recent, 0.99));
    }

    private static @Nullable BigDecimal percentile(Metric histogram, Counts recent, double quantile) {
        OptionalDouble value = Quantile.of(quantile, histogram.buckets().bounds(), recent.buckets(histogram));
        return value.isPresent() ? Decimal.seconds(value.getAsDouble()) : null;
    }

    private static JsonObject lag(Totals totals) {
        return new JsonObject()
                .put("newest", Decimal.seconds(worst(totals, LoopLag::newest)))
                .put("worst", Decimal.seconds(worst(totals, LoopLag::worst)));
    }

    private static Duration worst(Totals totals, Function<LoopLag, Duration> lag) {
        return totals.newest().stream()
                .map(TelemetrySample::lag)
                .map(lag)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
