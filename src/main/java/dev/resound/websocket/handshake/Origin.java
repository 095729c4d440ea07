package dev.resound.websocket.handshake;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A web origin (RFC 6454): scheme, host and port, compared without regard to case, a default port equal to an absent one.
 *
 * @param scheme in lower case
 * @param host in lower case, an IPv6 address in brackets
 * @param port the default one of the scheme where none is given
 */
record Origin(String scheme, String host, int port) {

    private static final Pattern FORM = Pattern.compile(
            "([a-z][a-z0-9+.-]*)://(\\[[0-9a-f:.]+]|[a-z0-9._*-]+)(?::(\\d{1,5}))?", Pattern.CASE_INSENSITIVE);
    /** The port of a scheme that has no default, as {@code chrome-extension} or {@code capacitor}. */
    private static final int NONE = 0;

    private static final int MOST = 65535;

    /** Reads the serialization of RFC 6454 section 6.2; empty where the text is none, as with a path or a trailing slash. */
    static Optional<Origin> parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        String scheme = match.group(1).toLowerCase(Locale.ROOT);
        String port = match.group(3);
        int number = port == null ? defaultPort(scheme) : Integer.parseInt(port);
        if (number > MOST) {
            return Optional.empty();
        }
        return Optional.of(new Origin(scheme, match.group(2).toLowerCase(Locale.ROOT), number));
    }

    /** Whether a {@code Host} header names this origin's host and port. The scheme is unknown where a proxy ends TLS. */
    boolean isHost(String hostHeader) {
        return parse(scheme + "://" + hostHeader).filter(this::equals).isPresent();
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http", "ws" -> 80;
            case "https", "wss" -> 443;
            default -> NONE;
        };
    }
}
