package dev.resound.websocket.handshake;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A web origin (RFC 6454). Scheme and host are case-insensitive, and the default port equals no port.
 *
 * @param scheme in lower case
 * @param host in lower case; an IPv6 address in brackets
 * @param port if absent, the default port of the scheme
 */
record Origin(String scheme, String host, int port) {

    private static final Pattern FORM = Pattern.compile(
            "([a-z][a-z0-9+.-]*)://(\\[[0-9a-f:.]+]|[a-z0-9._*-]+)(?::(\\d{1,5}))?", Pattern.CASE_INSENSITIVE);
    /** Stands for the port of a scheme without a default, such as {@code chrome-extension}. */
    private static final int NO_PORT = 0;

    private static final int MAX_PORT = 65535;

    /**
     * Parses the serialization of RFC 6454 section 6.2; empty if the text is anything else, for example has a path or a
     * trailing slash.
     */
    static Optional<Origin> parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        String scheme = match.group(1).toLowerCase(Locale.ROOT);
        String port = match.group(3);
        int number = port == null ? defaultPort(scheme) : Integer.parseInt(port);
        if (number > MAX_PORT) {
            return Optional.empty();
        }
        return Optional.of(new Origin(scheme, match.group(2).toLowerCase(Locale.ROOT), number));
    }

    /**
     * Whether a {@code Host} header has the same host and port. The scheme is not compared: a proxy may have terminated
     * TLS.
     */
    boolean isHost(String hostHeader) {
        return parse(scheme + "://" + hostHeader).filter(this::equals).isPresent();
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http", "ws" -> 80;
            case "https", "wss" -> 443;
            default -> NO_PORT;
        };
    }
}
