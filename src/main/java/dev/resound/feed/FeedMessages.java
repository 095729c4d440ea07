package dev.resound.feed;

import dev.resound.telemetry.ConnectionEvent;
import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.Metric;
import dev.resound.telemetry.OpenConnections;
import dev.resound.telemetry.ProcessUsage;
import dev.resound.telemetry.TelemetrySample;
import dev.resound.telemetry.TelemetryTotals;
import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.WebSocketSettings;
import dev.resound.websocket.fault.Fault;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.MessageType;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The messages of the feed as JSON: hello, samples, and events of connections. The feed of the fleet shares their parts. Thread-safe. */
public final class FeedMessages {

    /** Incremented if readers of the previous version could misread a message; new members do not count. */
    private static final int SCHEMA = 1;

    /** The number to show for a counter and label value. */
    private interface Numbers {
        Number of(Metric counter, Enum<?> label);
    }

    private final LiveFeed.Facts facts;

    public FeedMessages(LiveFeed.Facts facts) {
        this.facts = facts;
    }

    // Hello, the first message of a connection: the server's identity.

    /** For a connection of the feed. */
    byte[] helloOfFeed(String history) {
        String begin =
                hello().put("interval", Decimal.seconds(facts.interval())).encode();
        return utf8(begin.substring(0, begin.length() - 1) + ",\"history\":" + history + "}");
    }

    /** For a connection of the echo, over this HTTP protocol. */
    byte[] helloOfEcho(HttpProtocol http) {
        return utf8(hello().put("http", http.label()).encode());
    }

    /** The members that each hello has. */
    public JsonObject hello() {
        WebSocketSettings webSocket = facts.webSocket().get();
        return new JsonObject()
                .put("type", "hello")
                .put("schema", SCHEMA)
                .put("instance", facts.instance())
                .put(
                        "build",
                        new JsonObject()
                                .put("version", facts.service().version())
                                .put("java", Runtime.version().toString()))
                .put("time", Decimal.ofMillis(System.currentTimeMillis()))
                .put(
                        "startedAt",
                        Decimal.ofMillis(ManagementFactory.getRuntimeMXBean().getStartTime()))
                .put(
                        "keepAlive",
                        new JsonObject()
                                .put("interval", Decimal.seconds(webSocket.keepAliveInterval()))
                                .put("idleTimeout", Decimal.seconds(webSocket.idleTimeout())));
    }

    public static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    // Events.

    /** The event of a connection. It shows neither the client, its address nor the close code that it chose. */
    static JsonObject event(ConnectionEvent event, long millis) {
        ConnectionInfo connection = event.connection();
        return switch (event) {
            case ConnectionEvent.Opened opened -> event("opened", millis, connection);
            case ConnectionEvent.Closed closed -> {
                ConnectionEnd end = closed.end();
                yield event("closed", millis, connection)
                        .put("cause", end.cause().label())
                        .put("duration", Decimal.seconds(end.duration()))
                        .put(
                                "messages",
                                new JsonObject()
                                        .put("received", end.messagesReceived())
                                        .put("sent", end.messagesSent()));
            }
        };
    }

    private static JsonObject event(String type, long millis, ConnectionInfo connection) {
        return new JsonObject()
                .put("type", type)
                .put("time", Decimal.ofMillis(millis))
                .put("protocol", connection.kind().label())
                .put("http", connection.http().label());
    }

    // Samples.

    /**
     * A sample.
     *
     * @param recent what was counted recently, for percentiles
     * @param usage what the process uses
     * @param suppressed events that the rate limit has dropped since the start
     */
    JsonObject sample(
            long sequence,
            TelemetryTotals.Snapshot totals,
            CounterSnapshot recent,
            ProcessUsage usage,
            long suppressed) {
        CounterSnapshot all = totals.counts();
        return new JsonObject()
                .put("type", "sample")
                .put("sequence", sequence)
                .put("instance", facts.instance())
                .put("time", Decimal.ofMillis(System.currentTimeMillis()))
                .put(
                        "uptime",
                        Decimal.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()))
                .put("draining", facts.service().draining().getAsBoolean())
                .put("overloaded", facts.service().overloaded().getAsBoolean())
                .put("connectionsLimit", facts.service().connectionsLimit().getAsInt())
                .mergeIn(counted(all, recent, totals.open(), totals.newest()))
                .put("feedRoundTrip", percentiles(Metric.FEED_PING_RTT, all, recent))
                .put("heap", heap())
                .put("process", process(usage))
                .put(
                        "gc",
                        new JsonObject()
                                .put("pauses", usage.gcPauses())
                                .put("paused", Decimal.seconds(usage.gcPaused())))
                .put("reloads", reloads(all, Metric.RELOADS))
                .put("reloadFailures", reloads(all, Metric.RELOAD_FAILURES))
                .put("certificateExpiry", certificateExpiry())
                .put("logLinesDropped", facts.service().logLinesDropped().getAsLong())
                .put("eventsSuppressed", suppressed);
    }

    private static JsonObject process(ProcessUsage usage) {
        OptionalLong resident = usage.residentBytes();
        return new JsonObject()
                .put("cpu", Decimal.seconds(usage.cpu()))
                .put("cpus", usage.cpus())
                .put("residentMemory", resident.isPresent() ? resident.getAsLong() : null)
                .put("openFiles", usage.openFiles())
                .put("maxFiles", usage.maxFiles());
    }

    private static JsonObject reloads(CounterSnapshot all, Metric counter) {
        return closedSet(Metric.Reload.values(), Metric.Reload::label, kind -> all.of(counter, kind));
    }

    /** Unix time; null without TLS. */
    private @Nullable Long certificateExpiry() {
        return facts.service()
                .certificateExpiry()
                .map(expiry -> expiry.get().getEpochSecond())
                .orElse(null);
    }

    private static JsonObject heap() {
        Runtime runtime = Runtime.getRuntime();
        return new JsonObject()
                .put("used", runtime.totalMemory() - runtime.freeMemory())
                .put("max", runtime.maxMemory());
    }

    /**
     * The members of a sample that are counted.
     *
     * @param all what was counted since the start
     * @param recent what was counted recently, for percentiles
     * @param open the connections that are open now
     * @param newest the newest interval of each event loop or instance, for rates and lag
     */
    public static JsonObject counted(
            CounterSnapshot all, CounterSnapshot recent, OpenConnections open, Collection<TelemetrySample> newest) {
        var json = new JsonObject()
                .put("connections", closedSet(ConnectionKind.values(), ConnectionKind::label, open::of))
                .put("connectionsByHttp", closedSet(HttpProtocol.values(), FeedMessages::member, open::of));
        counters(json, all::of);
        json.put("pings", new JsonObject().put("sent", all.of(Metric.PINGS_SENT)))
                .put("pongs", new JsonObject().put("received", all.of(Metric.PONGS_RECEIVED)))
                .put("backpressurePauses", all.of(Metric.BACKPRESSURE_PAUSES))
                .put("probes", all.of(Metric.PROBES))
                .put("faults", closedSet(Fault.values(), Fault::label, fault -> all.of(Metric.FAULTS, fault)));
        var rates = new JsonObject();
        counters(rates, (counter, label) -> Decimal.rate(rate(newest, counter, label)));
        return json.put("rates", rates)
                .put("roundTrip", percentiles(Metric.PING_RTT, all, recent))
                .put("duration", percentiles(Metric.CONNECTION_DURATION, all, recent))
                .put("eventLoopLag", lag(newest));
    }

    /** The name of a member for an HTTP protocol: without a dot, because dots separate the names of a path in the history. */
    private static String member(HttpProtocol http) {
        return switch (http) {
            case HTTP_1 -> "http1";
            case HTTP_2 -> "http2";
        };
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

    /** Per second, over the newest interval of each event loop, which never matches the feed's interval exactly. */
    private static double rate(Collection<TelemetrySample> newest, Metric counter, Enum<?> label) {
        return newest.stream()
                .filter(sample -> !sample.elapsed().isZero())
                .mapToDouble(sample -> sample.counts().of(counter, label) / seconds(sample.elapsed()))
                .sum();
    }

    private static JsonObject percentiles(Metric histogram, CounterSnapshot all, CounterSnapshot recent) {
        return new JsonObject()
                .put("count", all.of(histogram))
                .put("p50", percentile(histogram, recent, 0.5))
                .put("p90", percentile(histogram, recent, 0.9))
                .put("p99", percentile(histogram, recent, 0.99));
    }

    private static @Nullable BigDecimal percentile(Metric histogram, CounterSnapshot recent, double quantile) {
        OptionalDouble value = recent.quantile(histogram, quantile);
        return value.isPresent() ? Decimal.seconds(value.getAsDouble()) : null;
    }

    private static JsonObject lag(Collection<TelemetrySample> newest) {
        return new JsonObject()
                .put("newest", Decimal.seconds(worst(newest, TelemetrySample.Lag::newest)))
                .put("worst", Decimal.seconds(worst(newest, TelemetrySample.Lag::worst)));
    }

    private static Duration worst(Collection<TelemetrySample> newest, Function<TelemetrySample.Lag, Duration> lag) {
        return newest.stream()
                .map(TelemetrySample::lag)
                .map(lag)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
