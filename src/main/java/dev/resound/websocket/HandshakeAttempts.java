package dev.resound.websocket;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Remembers for a short time how handshakes with an identifier of the client's own arrived. A browser does not show the
 * response to a failed handshake to the page, so the page asks for it with {@code ?explain}. One for the process;
 * thread-safe.
 *
 * <p>The identifiers are secrets of the pages that chose them, so nobody else can ask. A client can make the service
 * forget the attempts of others, but not remember more than {@link #MOST}.
 */
public final class HandshakeAttempts {

    /** Each takes a few kilobytes. */
    static final int MOST = 64;

    static final Duration KEPT = Duration.ofMinutes(1);

    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_-]{16,64}");
    private static final double NANOS = 1e9;

    private final Deque<Attempt> newestFirst = new ArrayDeque<>();

    /** @param description what happened, as JSON text, so that nobody can change it */
    private record Attempt(String identifier, long time, String description) {
        boolean isOld(long now) {
            return now - time > KEPT.toNanos();
        }
    }

    /** Whether a text is long enough to be a secret, and short enough to be kept. */
    static boolean isIdentifier(String text) {
        return IDENTIFIER.matcher(text).matches();
    }

    /** @param now as {@link System#nanoTime} */
    synchronized void add(String identifier, JsonObject description, long now) {
        while (newestFirst.size() >= MOST
                || (!newestFirst.isEmpty() && newestFirst.getLast().isOld(now))) {
            newestFirst.removeLast();
        }
        newestFirst.addFirst(new Attempt(identifier, now, description.encode()));
    }

    /** The newest attempt with this identifier, and how long ago it was. */
    synchronized Optional<JsonObject> find(String identifier, long now) {
        return newestFirst.stream()
                .filter(attempt -> attempt.identifier.equals(identifier) && !attempt.isOld(now))
                .findFirst()
                .map(attempt -> new JsonObject()
                        .put("secondsAgo", Math.max(0, now - attempt.time) / NANOS)
                        .mergeIn(new JsonObject(attempt.description)));
    }
}
