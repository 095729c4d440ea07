package dev.resound.websocket.handshake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Selects the request headers that {@code ?explain}, problem responses, log and events may show. Proxies add headers,
 * some with credentials that the client must not see, so only names on these lists are shown. A list of prefixes is not
 * enough: {@code X-Forwarded-Access-Token} is a credential.
 */
final class ShownHeaders {

    private static final List<String> OF_CLIENT = List.of(
            "Host",
            "Upgrade",
            "Connection",
            "Sec-WebSocket-Version",
            HandshakeRequest.KEY,
            Subprotocol.HEADER,
            Extension.HEADER,
            "Origin",
            "User-Agent",
            HandshakeRequest.CONTENT_LENGTH,
            HandshakeRequest.TRANSFER_ENCODING);

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

    private static final int MAX_CHARACTERS = 200;
    /** Browser clients cannot set other headers, so some send a token as a subprotocol. */
    private static final int MAX_PROTOCOL_CHARACTERS = 32;

    private static final int MAX_PROTOCOLS = 20;

    private ShownHeaders() {}

    /** The headers that may be shown, those of the client first, under their usual names. */
    static Map<String, String> of(HandshakeRequest request) {
        Map<String, String> shown = present(request, OF_CLIENT);
        shown.putAll(forwarded(request));
        return shown;
    }

    /** The headers that proxies set. */
    static Map<String, String> forwarded(HandshakeRequest request) {
        return present(request, OF_PROXIES);
    }

    private static Map<String, String> present(HandshakeRequest request, List<String> names) {
        Map<String, String> shown = new LinkedHashMap<>();
        names.forEach(name -> value(request, name).ifPresent(value -> shown.put(name, value)));
        return shown;
    }

    /** What may be shown of a header on the lists; empty if it is absent. */
    static Optional<String> value(HandshakeRequest request, String name) {
        List<String> values = request.all(name);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (name) {
                    case HandshakeRequest.KEY -> request.hasValidKey() ? "valid" : "not valid";
                    case Subprotocol.HEADER -> truncate(String.join(", ", protocols(request)), MAX_CHARACTERS);
                    default -> truncate(String.join(", ", values), MAX_CHARACTERS);
                });
    }

    /** As {@link #value}, but shows a key that is not valid. */
    static Optional<String> found(HandshakeRequest request, String name) {
        return name.equals(HandshakeRequest.KEY) && !request.hasValidKey()
                ? Optional.of(request.all(name))
                        .filter(values -> !values.isEmpty())
                        .map(values -> String.join(", ", values))
                : value(request, name);
    }

    /** The offered subprotocols. */
    static List<String> protocols(HandshakeRequest request) {
        return Subprotocol.offered(request.all(Subprotocol.HEADER)).stream()
                .limit(MAX_PROTOCOLS)
                .map(protocol -> truncate(protocol, MAX_PROTOCOL_CHARACTERS))
                .toList();
    }

    private static String truncate(String text, int max) {
        return text.length() <= max ? text : text.substring(0, max) + "...";
    }
}
