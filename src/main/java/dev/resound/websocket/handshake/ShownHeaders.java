package dev.resound.websocket.handshake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which headers of a request may be shown to whoever sent it, and what of them. A proxy on the way may have added credentials that
 * the client must not see, so these are the known ones, name by name and not by a prefix: {@code X-Forwarded-Access-Token} is
 * one too.
 */
public final class ShownHeaders {

    private static final List<String> OF_CLIENT = List.of(
            "Host",
            "Upgrade",
            "Connection",
            "Sec-WebSocket-Version",
            RequestHead.KEY,
            Subprotocol.HEADER,
            HandshakeRules.EXTENSIONS,
            "Origin",
            "User-Agent",
            RequestHead.CONTENT_LENGTH,
            RequestHead.TRANSFER_ENCODING);

    private static final List<String> OF_PROXIES = List.of(
            "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Server",
            "X-Real-IP",
            "X-Request-ID",
            "Forwarded",
            "Via");

    private static final int MOST_CHARACTERS = 200;
    /** Some clients send a token as if it were a sub-protocol, as they can set no other header. */
    private static final int MOST_OF_PROTOCOL = 32;

    private static final int MOST_PROTOCOLS = 20;

    private ShownHeaders() {}

    /** Those that came, the client's ones first, each under its usual name. */
    public static Map<String, String> of(RequestHead head) {
        Map<String, String> shown = came(head, OF_CLIENT);
        shown.putAll(forwarded(head));
        return shown;
    }

    /** Those that came and are a proxy's work. */
    public static Map<String, String> forwarded(RequestHead head) {
        return came(head, OF_PROXIES);
    }

    private static Map<String, String> came(RequestHead head, List<String> names) {
        Map<String, String> shown = new LinkedHashMap<>();
        names.forEach(name -> value(head, name).ifPresent(value -> shown.put(name, value)));
        return shown;
    }

    /** What may be shown of one that may be shown; nothing where it has not come. */
    public static Optional<String> value(RequestHead head, String name) {
        List<String> values = head.all(name);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (name) {
                    case RequestHead.KEY -> head.hasValidKey() ? "valid" : "not valid";
                    case Subprotocol.HEADER -> cut(String.join(", ", protocols(head)), MOST_CHARACTERS);
                    default -> cut(String.join(", ", values), MOST_CHARACTERS);
                });
    }

    /** As {@link #value}, and of a key that is not valid what the client sent. */
    static Optional<String> found(RequestHead head, String name) {
        return name.equals(RequestHead.KEY) && !head.hasValidKey()
                ? Optional.of(head.all(name))
                        .filter(values -> !values.isEmpty())
                        .map(values -> String.join(", ", values))
                : value(head, name);
    }

    /** The sub-protocols that are offered. */
    public static List<String> protocols(RequestHead head) {
        return Subprotocol.offered(head.all(Subprotocol.HEADER)).stream()
                .limit(MOST_PROTOCOLS)
                .map(protocol -> cut(protocol, MOST_OF_PROTOCOL))
                .toList();
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most) + "...";
    }
}
