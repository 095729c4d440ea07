package dev.resound.bench.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What carries the WebSockets.
 *
 * @param tls whether the TCP connection is encrypted
 * @param streams WebSockets on each connection with HTTP/2; 0 for HTTP/1.1
 * @param deflate whether messages are compressed with permessage-deflate (RFC 7692), each by itself
 */
public record Wire(boolean tls, int streams, boolean deflate) {

    /** HTTP/1.1 in clear text. */
    public static final Wire PLAIN = new Wire(false, 0, false);

    private static final Pattern NOTATION = Pattern.compile("tls|deflate|h2(?:x(\\d{1,3}))?");

    /**
     * Reads the notation: {@code tls} for HTTP/1.1 over TLS, {@code deflate} for HTTP/1.1 with compression, {@code h2} for HTTP/2 over TLS with one WebSocket on each connection,
     * {@code h2x10} with ten.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Wire parse(String text) {
        if (text.isEmpty()) {
            return PLAIN;
        }
        Matcher matcher = NOTATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "WebSockets are carried by tls, deflate, h2 or, for instance, h2x10, not by " + text);
        }
        if (!text.startsWith("h2")) {
            return new Wire(text.equals("tls"), 0, text.equals("deflate"));
        }
        return new Wire(true, matcher.group(1) == null ? 1 : Math.max(1, Integer.parseInt(matcher.group(1))), false);
    }

    @Override
    public String toString() {
        return deflate ? "deflate" : !tls ? "" : streams == 0 ? "tls" : streams == 1 ? "h2" : "h2x" + streams;
    }
}
