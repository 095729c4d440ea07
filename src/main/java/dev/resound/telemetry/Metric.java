package dev.resound.telemetry;

import java.util.List;
import java.util.stream.Stream;

/**
 * The catalogue: every metric that this service adds to those of its libraries. The names are those that Prometheus shows, and
 * that a sample has on the event bus.
 */
public enum Metric {
    CONNECTIONS(Type.GAUGE, "websocket_connections", Label.PROTOCOL, "WebSocket connections that are open now"),
    CONNECTIONS_LIMIT(
            Type.GAUGE, "websocket_connections_limit", Label.NONE, "How many WebSocket connections may be open in all"),
    HANDSHAKES(
            Type.COUNTER,
            "websocket_handshakes_total",
            Label.OUTCOME,
            "Requests for the WebSocket path, by how they were answered"),
    CONNECTIONS_CLOSED(
            Type.COUNTER, "websocket_connections_closed_total", Label.CAUSE, "Connections that ended, by their cause"),
    MESSAGES_RECEIVED(
            Type.COUNTER, "websocket_messages_received_total", Label.TYPE, "Messages whose last frame has come"),
    MESSAGES_SENT(
            Type.COUNTER, "websocket_messages_sent_total", Label.TYPE, "Messages whose last frame has been written"),
    RECEIVED_BYTES(
            Label.TYPE, "websocket_received_bytes_total", "Payload bytes of text and binary frames that have come"),
    SENT_BYTES(
            Label.TYPE, "websocket_sent_bytes_total", "Payload bytes of text and binary frames that have been written"),
    PINGS_SENT(Type.COUNTER, "websocket_pings_sent_total", Label.NONE, "Pings of the keep-alive that were written"),
    PONGS_RECEIVED(
            Type.COUNTER, "websocket_pongs_received_total", Label.NONE, "Pongs that have come, asked for or not"),
    PING_RTT("websocket_ping_rtt_seconds", Buckets.ROUND_TRIP, "Time from a ping to the pong that answers it"),
    CONNECTION_DURATION(
            "websocket_connection_duration_seconds",
            Buckets.CONNECTION,
            "Time from the accepted handshake to the end of the TCP connection"),
    BACKPRESSURE_PAUSES(
            Type.COUNTER,
            "websocket_backpressure_pauses_total",
            Label.NONE,
            "Times that a connection was not read from any more until its peer read"),
    DRAINING(Type.GAUGE, "resound_draining", Label.NONE, "1 from the signal to end on, 0 before"),
    OVERLOADED(
            Type.GAUGE,
            "resound_overloaded",
            Label.NONE,
            "1 while memory is short and new connections and streams are refused, 0 otherwise"),
    RELOAD_FAILURES(
            Type.COUNTER,
            "resound_reload_failures_total",
            Label.KIND,
            "Changes of the settings or certificates that were refused while the service ran"),
    EVENT_LOOP_LAG(
            Type.GAUGE,
            "resound_event_loop_lag_seconds",
            Label.LOOP,
            "How late the newest tick of an event loop's timer ran"),
    EVENT_LOOP_LAG_MAX(
            Type.GAUGE,
            "resound_event_loop_lag_max_seconds",
            Label.LOOP,
            "How late the worst tick of an event loop's timer ran within about the last minute"),
    CERTIFICATE_EXPIRY(
            Type.GAUGE,
            "resound_tls_certificate_expiry_timestamp_seconds",
            Label.NONE,
            "When the certificate of the public port ends, as Unix time; only where it speaks TLS"),
    LOG_LINES_DROPPED(
            "resound_log_lines_dropped_total",
            "Lines of the log that were dropped, as the output was not read or could not be written"),
    BUILD_INFO(Type.GAUGE, "resound_build_info", Label.VERSION, "1, with the version that runs"),
    TRANSPORT_INFO(Type.GAUGE, "resound_transport_info", Label.TRANSPORT, "1, with the transport of the event loops");

    /** The kinds of Prometheus. */
    public enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM
    }

    private static final String TOTAL = "_total";

    private final Type type;
    private final String key;
    private final Label label;

    @SuppressWarnings("ImmutableEnumChecker") // Arrays that it does not hand out.
    private final Buckets buckets;

    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable one.
    private final List<String> columns;

    Metric(Type type, String key, Label label, String help) {
        this.type = type;
        this.key = key;
        this.label = label;
        this.buckets = Buckets.NONE;
        this.help = help;
        this.columns = type == Type.GAUGE ? List.of() : label == Label.NONE ? List.of("total") : label.closedSet();
    }

    /** A counter that Prometheus shows as one series, although it is counted by a label. */
    Metric(Label countedBy, String key, String help) {
        this.type = Type.COUNTER;
        this.key = key;
        this.label = Label.NONE;
        this.buckets = Buckets.NONE;
        this.help = help;
        this.columns = countedBy.closedSet();
    }

    /** A counter of the process, which no event loop keeps. */
    Metric(String key, String help) {
        this.type = Type.COUNTER;
        this.key = key;
        this.label = Label.NONE;
        this.buckets = Buckets.NONE;
        this.help = help;
        this.columns = List.of();
    }

    Metric(String key, Buckets buckets, String help) {
        this.type = Type.HISTOGRAM;
        this.key = key;
        this.label = Label.NONE;
        this.buckets = buckets;
        this.help = help;
        this.columns = Stream.concat(buckets.bounds().stream().map(String::valueOf), Stream.of("nanos"))
                .toList();
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

    /** What tells its series apart in Prometheus; the feed may tell more. */
    public Label label() {
        return label;
    }

    /** One sentence without a full stop. */
    public String help() {
        return help;
    }

    /** Of a histogram. */
    public Buckets buckets() {
        return buckets;
    }

    /** The base unit, {@code seconds} or {@code bytes}; empty where things are counted. It ends the name, as Prometheus has it. */
    public String unit() {
        String base = baseName();
        return Stream.of("seconds", "bytes")
                .filter(unit -> base.endsWith("_" + unit))
                .findFirst()
                .orElse("");
    }

    /** The name without the ending that the client library adds to a counter by itself. */
    String baseName() {
        return key.endsWith(TOTAL) ? key.substring(0, key.length() - TOTAL.length()) : key;
    }

    /**
     * What {@link Counts} keeps of it: of a counter a number for each label value that it is counted by; of a histogram the observations in each
     * bucket, and their sum in nanoseconds; of a gauge, or of a counter of the process, nothing.
     */
    List<String> columns() {
        return columns;
    }

    /** Its row in {@link Counts}. */
    @SuppressWarnings(
            "EnumOrdinal") // An index into plain arrays, for counting without a look-up; it never leaves the process.
    int row() {
        return ordinal();
    }

    /** The column of a label value, given as a constant of the enum behind the {@link Label}. */
    @SuppressWarnings("EnumOrdinal") // As with the row.
    static int column(Enum<?> label) {
        return label.ordinal();
    }
}
