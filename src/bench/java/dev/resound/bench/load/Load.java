package dev.resound.bench.load;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A case: what is sent, how much of it and when. It is written {@code binary-64B} for one message on its way on each
 * connection, {@code text-1KiBx16} for sixteen, and {@code binary-64B@10000} for so many messages a second in all.
 *
 * @param size of the payload in bytes
 * @param depth messages on their way on each connection, in a closed loop
 * @param rate messages a second in an open loop; 0 for a closed one
 */
public record Load(Content content, int size, int depth, int rate) {

    private static final Pattern NOTATION =
            Pattern.compile("(binary|text|json|utf8)-(\\d{1,6})(B|KiB|MiB)(?:x(\\d{1,4})|@(\\d{1,7}))?");

    /** Larger messages go over fewer connections. */
    private static final int LARGE = 1 << 16;

    /**
     * Reads the notation.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Load parse(String text) {
        var matcher = NOTATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no case: " + text + "; cases look like binary-64B, text-1KiBx16,"
                    + " utf8-1KiB or binary-64B@10000");
        }
        int unit = switch (matcher.group(3)) {
            case "KiB" -> 1 << 10;
            case "MiB" -> 1 << 20;
            default -> 1;
        };
        return new Load(
                Content.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
                Math.multiplyExact(Integer.parseInt(matcher.group(2)), unit),
                matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4)),
                matcher.group(5) == null ? 0 : Integer.parseInt(matcher.group(5)));
    }

    public int connections() {
        return size < LARGE ? 100 : 10;
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
        return content.name().toLowerCase(Locale.ROOT) + "-" + amount + pace;
    }
}
