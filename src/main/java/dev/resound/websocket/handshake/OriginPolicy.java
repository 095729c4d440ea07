package dev.resound.websocket.handshake;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which origins may connect (RFC 6455 section 10.2). CORS does not apply to WebSockets, so only this check
 * keeps out the pages of other sites. It is not authentication: a client other than a browser can send any
 * {@code Origin}.
 */
public final class OriginPolicy {

    private static final String SAME_ORIGIN = "same-origin";
    private static final String NULL = "null";
    private static final String WILDCARD = "*.";

    private static final Optional<String> NO_ORIGIN = Optional.of("no Origin sent");
    private static final Optional<String> ALL_ALLOWED = Optional.of("all allowed (the list is empty)");

    private final boolean requireOrigin;
    private final boolean allAllowed;
    private final boolean sameOrigin;
    private final boolean nullAllowed;
    /** Each maps to the entry as configured. */
    private final Map<Origin, String> exact = new HashMap<>();

    private final Map<Origin, String> wildcards = new LinkedHashMap<>();

    /**
     * @param entries as {@link #problem} accepts them; empty allows every origin
     * @param requireOrigin whether to reject a request without {@code Origin}
     */
    public OriginPolicy(List<String> entries, boolean requireOrigin) {
        this.requireOrigin = requireOrigin;
        this.allAllowed = entries.isEmpty();
        this.sameOrigin = entries.contains(SAME_ORIGIN);
        this.nullAllowed = entries.contains(NULL);
        for (String entry : entries) {
            Origin.parse(entry)
                    .ifPresent(origin -> (origin.host().startsWith(WILDCARD) ? wildcards : exact).put(origin, entry));
        }
    }

    /** The rule that an entry of the list breaks; empty if it is valid. */
    public static Optional<String> problem(String entry) {
        if (entry.equals(SAME_ORIGIN) || entry.equals(NULL)) {
            return Optional.empty();
        }
        if (entry.equals("*")) {
            return Optional.of("must be an origin; leave the list empty to allow all");
        }
        Optional<Origin> origin = Origin.parse(entry);
        if (origin.isEmpty()) {
            return Optional.of(
                    "must be scheme://host[:port] without a path, as in https://client.com, or same-origin or null");
        }
        String host = origin.get().host();
        String name = host.startsWith(WILDCARD) ? host.substring(WILDCARD.length()) : host;
        return name.isEmpty() || name.contains("*")
                ? Optional.of("may use * only as the whole first label, as in https://*.client.com")
                : Optional.empty();
    }

    /**
     * What allows a request: the entry that matches its origin, or a phrase if none is needed. Empty if it is not
     * allowed. A request with several {@code Origin} headers is never allowed.
     *
     * @param origins the {@code Origin} headers as sent
     * @param host the {@code Host} header as sent; null if absent
     */
    public Optional<String> allowing(List<String> origins, @Nullable String host) {
        if (origins.isEmpty()) {
            return requireOrigin ? Optional.empty() : NO_ORIGIN;
        }
        if (origins.size() > 1) {
            return Optional.empty();
        }
        String origin = origins.getFirst();
        if (allAllowed) {
            return ALL_ALLOWED;
        }
        if (origin.equals(NULL)) {
            return nullAllowed ? Optional.of(NULL) : Optional.empty();
        }
        return Origin.parse(origin).flatMap(parsed -> matchingEntry(parsed, host));
    }

    private Optional<String> matchingEntry(Origin origin, @Nullable String host) {
        String listed = exact.get(origin);
        if (listed != null) {
            return Optional.of(listed);
        }
        if (sameOrigin && host != null && origin.isHost(host)) {
            return Optional.of(SAME_ORIGIN);
        }
        return wildcards.entrySet().stream()
                .filter(wildcard -> isSubdomain(origin, wildcard.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static boolean isSubdomain(Origin origin, Origin wildcard) {
        String suffix = wildcard.host().substring(1);
        return origin.scheme().equals(wildcard.scheme())
                && origin.port() == wildcard.port()
                && origin.host().length() > suffix.length()
                && origin.host().endsWith(suffix);
    }
}
