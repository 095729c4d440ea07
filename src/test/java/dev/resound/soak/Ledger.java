package dev.resound.soak;

import dev.resound.test.MetricsPage;
import dev.resound.test.WireFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the clients have done, under the names of the series in which the server must have counted it. */
final class Ledger {

    private static final String PINGS_SENT = "websocket_pings_sent_total";

    /** What a client knows to the last one. Pauses are the server's own affair. */
    private static final List<String> EXACT = List.of(
            "websocket_handshakes_total",
            "websocket_connections_closed_total",
            "websocket_messages_received_total",
            "websocket_messages_sent_total",
            "websocket_received_bytes_total",
            "websocket_sent_bytes_total",
            PINGS_SENT,
            "websocket_pongs_received_total");

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void handshake(String outcome) {
        add("websocket_handshakes_total{http=\"1.1\",outcome=\"" + outcome + "\"}", 1);
    }

    void closed(String cause) {
        add("websocket_connections_closed_total{cause=\"" + cause + "\",http=\"1.1\"}", 1);
    }

    /** A ping of the server came. */
    void pinged() {
        add(PINGS_SENT, 1);
    }

    /** A pong went out. */
    void ponged() {
        add("websocket_pongs_received_total", 1);
    }

    /** A message that went out and came back. */
    void echoed(int type, long bytes) {
        String label = "{type=\"" + (type == WireFrame.TEXT ? "text" : "binary") + "\"}";
        add("websocket_messages_received_total" + label, 1);
        add("websocket_messages_sent_total" + label, 1);
        add("websocket_received_bytes_total", bytes);
        add("websocket_sent_bytes_total", bytes);
    }

    private void add(String series, long count) {
        counts.computeIfAbsent(series, name -> new LongAdder()).add(count);
    }

    /** All series of a metric together. */
    long sum(String metric) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(metric))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    private String verdict(String series, long ours, long theirs) {
        if (ours == theirs) {
            return "equal";
        }
        // A client that is cut off does not read the pings that are already on their way to it.
        long gone = sum("websocket_connections_closed_total{cause=\"network\"");
        boolean unread = series.equals(PINGS_SENT) && ours < theirs && theirs <= ours + gone;
        return unread ? "the rest went to clients that were gone" : "DIFFERS";
    }

    /** A line for each series: what the clients and what the server counted. */
    List<String> compare(MetricsPage page) {
        var names = new TreeSet<>(counts.keySet());
        page.series().keySet().stream()
                .filter(name -> EXACT.stream().anyMatch(name::startsWith))
                .forEach(names::add);
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            long ours = counts.getOrDefault(name, new LongAdder()).sum();
            long theirs = Math.round(page.series().getOrDefault(name, 0.0));
            lines.add("%-62s %14d %14d  %s".formatted(name, ours, theirs, verdict(name, ours, theirs)));
        }
        return lines;
    }
}
