package dev.resound.telemetry;

import dev.resound.websocket.fault.Fault;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.MessageType;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The catalogue of metrics: every metric that Resound adds to those of its libraries, with type, name, label and help text. Prometheus and
 * the event bus use the same names.
 */
public enum Metric {
    CONNECTIONS(
            Type.GAUGE,
            "websocket_connections",
            List.of(Label.PROTOCOL, Label.HTTP),
            "WebSocket connections that are open now"),
    CONNECTIONS_LIMIT(Type.GAUGE, "websocket_connections_limit", "Maximum number of open WebSocket connections"),
    HANDSHAKES(
            Type.COUNTER,
            "websocket_handshakes_total",
            List.of(Label.OUTCOME, Label.HTTP),
            "Requests for the WebSocket path, by outcome"),
    PROBES(
            Type.COUNTER,
            "websocket_probes_total",
            "Accepted connections without keep-alive, for probes of idle timeouts"),
    FAULTS(Type.COUNTER, "websocket_faults_total", Label.FAULT, "Faults that clients have requested"),
    CONNECTIONS_CLOSED(
            Type.COUNTER,
            "websocket_connections_closed_total",
            List.of(Label.CAUSE, Label.HTTP),
            "Connections that ended, by cause"),
    MESSAGES_RECEIVED(
            Type.COUNTER, "websocket_messages_received_total", Label.TYPE, "Messages whose last frame was received"),
    MESSAGES_SENT(Type.COUNTER, "websocket_messages_sent_total", Label.TYPE, "Messages whose last frame was written"),
    RECEIVED_BYTES(Label.TYPE, "websocket_received_bytes_total", "Payload bytes of text and binary frames received"),
    SENT_BYTES(Label.TYPE, "websocket_sent_bytes_total", "Payload bytes of text and binary frames written"),
    PINGS_SENT(Type.COUNTER, "websocket_pings_sent_total", "Keep-alive pings written"),
    PONGS_RECEIVED(Type.COUNTER, "websocket_pongs_received_total", "Pongs received, including unsolicited ones"),
    PING_RTT("websocket_ping_rtt_seconds", Buckets.ROUND_TRIP, "Time from a ping to the pong that answers it"),
    FEED_PING_RTT(
            "websocket_feed_ping_rtt_seconds",
            Buckets.ROUND_TRIP,
            "Time from a ping of the live feed to its pong, so to a dashboard and back"),
    CONNECTION_DURATION(
            "websocket_connection_duration_seconds",
            Buckets.CONNECTION,
            "Time from the accepted handshake to the end of the TCP connection"),
    BACKPRESSURE_PAUSES(
            Type.COUNTER,
            "websocket_backpressure_pauses_total",
            "How often reading from a connection stopped because its peer did not read"),
    DRAINING(Type.GAUGE, "resound_draining", "1 after the shutdown signal, 0 before"),
    OVERLOADED(
            Type.GAUGE,
            "resound_overloaded",
            "1 while new connections and streams are refused because memory is short, 0 otherwise"),
    RELOADS(
            Type.COUNTER,
            "resound_reloads_total",
            Label.KIND,
            "Changes of settings or certificates that took effect at run time"),
    RELOAD_FAILURES(
            Type.COUNTER,
            "resound_reload_failures_total",
            Label.KIND,
            "Changes of settings or certificates that were refused at run time"),
    EVENT_LOOP_LAG(
            Type.GAUGE,
            "resound_event_loop_lag_seconds",
            Label.LOOP,
            "How late the latest timer tick of an event loop ran"),
    EVENT_LOOP_LAG_MAX(
            Type.GAUGE,
            "resound_event_loop_lag_max_seconds",
            Label.LOOP,
            "How late the worst timer tick of an event loop ran in about the last minute"),
    CERTIFICATE_EXPIRY(
            Type.GAUGE,
            "resound_tls_certificate_expiry_timestamp_seconds",
            "When the certificate of the public port expires, as Unix time; only with TLS"),
    LOG_LINES_DROPPED(
            "resound_log_lines_dropped_total",
            "Log lines dropped because the output was not read or could not be written"),
    FLEET_CONNECTED(
            Type.GAUGE,
            "resound_fleet_connected",
            "1 while this instance can write to the fleet's stream in Redis, 0 otherwise; only with fleet.redis"),
    FLEET_WRITES_LOST(
            "resound_fleet_writes_lost_total",
            "Intervals whose totals were not written to Redis; only with fleet.redis"),
    FLEET_ENTRIES_REJECTED(
            "resound_fleet_entries_rejected_total",
            "Entries of the fleet's stream that are not valid; only with fleet.redis"),
    BUILD_INFO(Type.GAUGE, "resound_build_info", Label.VERSION, "1, with the version of the service"),
    TRANSPORT_INFO(Type.GAUGE, "resound_transport_info", Label.TRANSPORT, "1, with the transport of the event loops");

    /** The metric types of Prometheus. */
    public enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM
    }

    /** The label of a metric. Nothing that a client sends becomes a label value. */
    public enum Label {
        PROTOCOL("protocol", labels(ConnectionKind.values(), ConnectionKind::label)),
        /** The HTTP protocol of a connection or handshake; always a metric's second label. */
        HTTP("http", labels(HttpProtocol.values(), HttpProtocol::label)),
        OUTCOME("outcome", labels(HandshakeOutcome.values(), HandshakeOutcome::label)),
        CAUSE("cause", labels(CloseCause.values(), CloseCause::label)),
        FAULT("fault", labels(Fault.values(), Fault::label)),
        TYPE("type", labels(MessageType.values(), MessageType::label)),
        KIND("kind", labels(Reload.values(), Reload::label)),
        /** The number of an event loop. */
        LOOP("loop", List.of()),
        /** One value per process. */
        VERSION("version", List.of()),
        /** One value per process. */
        TRANSPORT("transport", List.of());

        private final String key;

        @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable list.
        private final List<String> closedSet;

        Label(String key, List<String> closedSet) {
            this.key = key;
            this.closedSet = closedSet;
        }

        /** The label's name. */
        public String key() {
            return key;
        }

        /** The closed set of values, in the order of the enum behind it; empty if the values are known only at run time. */
        public List<String> closedSet() {
            return closedSet;
        }

        private static <E extends Enum<E>> List<String> labels(E[] constants, Function<E, String> label) {
            return Stream.of(constants).map(label).toList();
        }
    }

    /** What can be reloaded while the service runs: the values of the label {@code kind}. */
    public enum Reload {
        /** The configuration file. */
        SETTINGS,
        /** The files of the public port's certificate. */
        CERTIFICATES;

        /** The value of the label. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The upper bounds of the buckets of a histogram of times. */
    public static final class Buckets {

        /** From a peer in the same rack to a peer that is about to time out. */
        static final Buckets ROUND_TRIP =
                seconds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);

        /** 60 s and one hour are bounds, because proxies close connections then. */
        static final Buckets CONNECTION =
                seconds(0.1, 1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400);

        static final Buckets NONE = seconds();

        private final double[] seconds;
        private final long[] nanos;

        private Buckets(double[] seconds) {
            this.seconds = seconds;
            this.nanos = DoubleStream.of(seconds)
                    .mapToLong(bound -> Math.round(bound * TimeUnit.SECONDS.toNanos(1)))
                    .toArray();
        }

        private static Buckets seconds(double... bounds) {
            return new Buckets(bounds);
        }

        /** The upper bounds in seconds, inclusive; the last one is infinity. */
        public List<Double> bounds() {
            return DoubleStream.concat(DoubleStream.of(seconds), DoubleStream.of(Double.POSITIVE_INFINITY))
                    .boxed()
                    .toList();
        }

        /** The index of the bucket for a time in nanoseconds. */
        int indexOf(long time) {
            int index = 0;
            while (index < nanos.length && time > nanos[index]) {
                index++;
            }
            return index;
        }
    }

    private static final String TOTAL = "_total";

    private final Type type;
    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable list.
    private final List<Label> labels;

    @SuppressWarnings("ImmutableEnumChecker") // Its arrays are private.
    private final Buckets buckets;

    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable list.
    private final List<String> columns;

    /** A metric with one series. */
    Metric(Type type, String key, String help) {
        this(type, key, List.of(), help);
    }

    /** A metric with one label. */
    Metric(Type type, String key, Label label, String help) {
        this(type, key, List.of(label), help);
    }

    /** @param labels at most two, the second of which is {@link Label#HTTP} */
    Metric(Type type, String key, List<Label> labels, String help) {
        this.type = type;
        this.key = key;
        this.labels = labels;
        this.buckets = Buckets.NONE;
        this.help = help;
        this.columns = type == Type.GAUGE ? List.of() : columns(labels);
    }

    private static List<String> columns(List<Label> labels) {
        if (labels.isEmpty()) {
            return List.of("total");
        }
        List<String> values = labels.getFirst().closedSet();
        return labels.size() == 1
                ? values
                : Stream.of(HttpProtocol.values())
                        .flatMap(http -> values.stream().map(value -> column(value, http)))
                        .toList();
    }

    /** A counter that is kept by a label but exposed as one series. */
    Metric(Label countedBy, String key, String help) {
        this.type = Type.COUNTER;
        this.key = key;
        this.labels = List.of();
        this.buckets = Buckets.NONE;
        this.help = help;
        this.columns = countedBy.closedSet();
    }

    /** A counter of the process, not of an event loop. */
    Metric(String key, String help) {
        this.type = Type.COUNTER;
        this.key = key;
        this.labels = List.of();
        this.buckets = Buckets.NONE;
        this.help = help;
        this.columns = List.of();
    }

    Metric(String key, Buckets buckets, String help) {
        this.type = Type.HISTOGRAM;
        this.key = key;
        this.labels = List.of();
        this.buckets = buckets;
        this.help = help;
        this.columns = Stream.concat(buckets.bounds().stream().map(String::valueOf), Stream.of("nanos"))
                .toList();
    }

    private static String column(String value, HttpProtocol http) {
        return http == HttpProtocol.HTTP_1 ? value : value + " over HTTP/" + http.label();
    }

    static List<Metric> of(Type type) {
        return Stream.of(values()).filter(metric -> metric.type == type).toList();
    }

    public Type type() {
        return type;
    }

    /** The name in Prometheus and on the event bus. */
    public String key() {
        return key;
    }

    /** Its labels in Prometheus; the feed may show more detail. */
    public List<Label> labels() {
        return labels;
    }

    /** One sentence without a full stop. */
    public String help() {
        return help;
    }

    /** The buckets of a histogram. */
    public Buckets buckets() {
        return buckets;
    }

    /** The base unit that the name ends with, {@code seconds} or {@code bytes}; empty for a plain count. */
    public String unit() {
        String base = baseName();
        return Stream.of("seconds", "bytes")
                .filter(unit -> base.endsWith("_" + unit))
                .findFirst()
                .orElse("");
    }

    /** The name without the suffix that the client library appends to a counter. */
    String baseName() {
        return key.endsWith(TOTAL) ? key.substring(0, key.length() - TOTAL.length()) : key;
    }

    /**
     * The columns of its row in {@link CounterSnapshot}. A counter has one per combination of label values, those of HTTP/1.1 first; a
     * histogram has one per bucket and one for the sum in nanoseconds; a gauge or a counter of the process has none.
     */
    public List<String> columns() {
        return columns;
    }

    /** The number of columns for each HTTP protocol. Columns that are this far apart have the same value of the first label. */
    int stride() {
        return labels.size() == 2 ? columns.size() / HttpProtocol.values().length : columns.size();
    }

    /** The values of the {@link #labels} in one column of a counter. */
    List<String> labelValues(int column) {
        return switch (labels.size()) {
            case 0 -> List.of();
            case 1 -> List.of(columns.get(column));
            default ->
                List.of(columns.get(column % stride()), Label.HTTP.closedSet().get(column / stride()));
        };
    }

    /** Its row in {@link CounterSnapshot}. */
    @SuppressWarnings("EnumOrdinal") // An array index, so that counting needs no look-up. It never leaves the process.
    int row() {
        return ordinal();
    }

    /** The column of a label value, which is a constant of the enum behind the {@link Label}. */
    @SuppressWarnings("EnumOrdinal") // As in row().
    static int column(Enum<?> label) {
        return label.ordinal();
    }
}
