package dev.resound.bench.load;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A case: what is sent, how much of it and when. It is written {@code binary-64B} for one message on its way on each
 * connection, {@code text-1KiBx16} for sixteen, {@code binary-64B@10000} for so many messages a second in all,
 * {@code churn-64B} for one binary message on each connection, and {@code idle-5000} for so many connections without one.
 *
 * @param size of the payload in bytes
 * @param depth messages on their way on each connection, in a closed loop
 * @param rate messages a second in an open loop; 0 for a closed one
 * @param connections at the same time
 */
public record Load(Kind kind, Content content, int size, int depth, int rate, int connections) {

    /** What the connections are there for, and what is measured in which unit. */
    public enum Kind {
        ECHO("server_us_per_message", "µs/message"),
        /** Each connection carries one message, so this is what a message costs, too. */
        CHURN("server_us_per_message", "µs/connection"),
        IDLE("server_bytes_per_connection", "bytes/connection");

        public final String figure;
        public final String unit;

        Kind(String figure, String unit) {
            this.figure = figure;
            this.unit = unit;
        }
    }

    private static final Pattern NOTATION =
            Pattern.compile("(binary|text|json|utf8)-(\\d{1,6})(B|KiB|MiB)(?:x(\\d{1,4})|@(\\d{1,7}))?");

    private static final Pattern CHURN = Pattern.compile("churn-(\\d{1,6})(B|KiB|MiB)");
    private static final Pattern IDLE = Pattern.compile("idle-(\\d{1,5})");

    /** Larger messages go over fewer connections. */
    private static final int LARGE = 1 << 16;

    /**
     * Reads the notation.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Load parse(String text) {
        var churn = CHURN.matcher(text);
        if (churn.matches()) {
            return new Load(Kind.CHURN, Content.BINARY, bytes(churn.group(1), churn.group(2)), 1, 0, 50);
        }
        var idle = IDLE.matcher(text);
        if (idle.matches()) {
            return new Load(Kind.IDLE, Content.BINARY, 1, 1, 0, Math.max(1, Integer.parseInt(idle.group(1))));
        }
        var matcher = NOTATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no case: " + text + "; cases look like binary-64B, text-1KiBx16,"
                    + " utf8-1KiB, binary-64B@10000, churn-64B or idle-5000");
        }
        int size = bytes(matcher.group(2), matcher.group(3));
        return new Load(
                Kind.ECHO,
                Content.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
                size,
                matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4)),
                matcher.group(5) == null ? 0 : Integer.parseInt(matcher.group(5)),
                size < LARGE ? 100 : 10);
    }

    private static int bytes(String amount, String unit) {
        return Math.multiplyExact(
                Integer.parseInt(amount),
                switch (unit) {
                    case "KiB" -> 1 << 10;
                    case "MiB" -> 1 << 20;
                    default -> 1;
                });
    }

    /** Whether messages are sent at a rate, whatever comes back. */
    public boolean isOpen() {
        return rate > 0;
    }

    @Override
    public String toString() {
        String amount =
                size % (1 << 20) == 0 ? (size >> 20) + "MiB" : size % 1024 == 0 ? (size >> 10) + "KiB" : size + "B";
        String pace = isOpen() ? "@" + rate : depth > 1 ? "x" + depth : "";
        return switch (kind) {
            case ECHO -> content.name().toLowerCase(Locale.ROOT) + "-" + amount + pace;
            case CHURN -> "churn-" + amount;
            case IDLE -> "idle-" + connections;
        };
    }
}
