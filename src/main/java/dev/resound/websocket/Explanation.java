package dev.resound.websocket;

import dev.resound.websocket.handshake.Admission;
import dev.resound.websocket.handshake.Handshake;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HandshakeRule;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.handshake.ShownHeaders;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.protocol.DeflateTerms;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the service sees of a request and would do with it, for who wants to know what became of a handshake on its way here. It does
 * nothing of that. It shows headers as {@link ShownHeaders} allows it, and of the settings only what this request meets.
 */
final class Explanation {

    private static final String PARAMETER = "explain";
    private static final double NANOS = 1e9;

    private final Candidate candidate;
    private final Handshake handshake;
    private final Admission admission;
    /** Judged once, so that all parts tell the same. */
    private final List<HandshakeRule> broken;

    /** @param handshake of the candidate, to be judged without taking a place */
    Explanation(Candidate candidate, Handshake handshake, Admission admission) {
        this.candidate = candidate;
        this.handshake = handshake;
        this.admission = admission;
        this.broken = HandshakeRules.all().stream()
                .filter(rule -> !rule.isKeptBy(handshake))
                .toList();
    }

    /** Whether this is what a request wants, by {@code ?explain}, whatever else its query holds. */
    static boolean isWanted(HttpServerRequest request) {
        String query = request.query();
        return query != null
                && request.method().equals(HttpMethod.GET)
                // Not Vert.x's parameters: a query that is at fault may be what is to be explained.
                && Arrays.stream(query.split("&"))
                        .anyMatch(each -> each.equals(PARAMETER) || each.startsWith(PARAMETER + "="));
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("verdict", verdict())
                .put("request", request())
                .put("rules", rules())
                .put("origin", origin())
                .put("forwarded", object(ShownHeaders.forwarded(handshake.head())))
                .put("protocol", protocol())
                .put("extensions", extensions())
                .put("capacity", capacity())
                .put("draining", handshake.draining().getAsBoolean())
                .put("keepAlive", keepAlive());
    }

    private JsonObject verdict() {
        Optional<Refusal> refusal = broken.stream().findFirst().map(HandshakeRule::refusal);
        return new JsonObject()
                .put("status", refusal.map(Refusal::status).orElse(101))
                .put(
                        "outcome",
                        refusal.map(Refusal::outcome)
                                .orElse(HandshakeOutcome.ACCEPTED)
                                .label())
                .put("detail", refusal.map(Refusal::detail).orElse("the request would become a WebSocket"));
    }

    private JsonObject request() {
        HttpServerRequest request = candidate.request();
        return new JsonObject()
                .put("method", request.method().name())
                .put("version", handshake.head().versionName())
                .put("tls", request.isSSL())
                .put("host", shown("Host"))
                .put("peer", candidate.peer().ip().toString())
                .put("client", candidate.client().toString())
                .put("headers", object(ShownHeaders.of(handshake.head())));
    }

    private JsonArray rules() {
        var rules = new JsonArray();
        for (HandshakeRule rule : HandshakeRules.all()) {
            Refusal refusal = rule.refuse(handshake.head());
            rules.add(new JsonObject()
                    .put("rule", rule.name())
                    .put("passed", !broken.contains(rule))
                    .put("header", refusal.header().isEmpty() ? null : refusal.header())
                    .put("found", refusal.found().orElse(null))
                    .put("detail", rule.sentence()));
        }
        return rules;
    }

    private JsonObject origin() {
        Optional<String> allowing = handshake.allowingOrigin();
        return new JsonObject()
                .put("sent", shown("Origin"))
                .put("allowed", allowing.isPresent())
                .put("matched", allowing.orElse(null));
    }

    private JsonObject protocol() {
        return new JsonObject()
                .put("offered", new JsonArray(ShownHeaders.protocols(handshake.head())))
                .put("chosen", candidate.subprotocol().map(Subprotocol::token).orElse(null))
                .put("gives", candidate.protocol().label());
    }

    private JsonObject extensions() {
        return new JsonObject()
                .put("offered", shown(HandshakeRules.EXTENSIONS))
                .put(
                        "accepted",
                        candidate.compression().map(DeflateTerms::header).orElse(null));
    }

    private JsonObject capacity() {
        WebSocketSettings settings = candidate.settings();
        return new JsonObject()
                .put("open", admission.open())
                .put("limit", admission.limit(settings.maxConnections()))
                .put("openFromClient", admission.openFrom(candidate.countedAs()))
                .put("countedAs", candidate.countedAs().toString())
                .put("limitPerAddress", settings.maxConnectionsPerAddress());
    }

    private JsonObject keepAlive() {
        return new JsonObject()
                .put("interval", seconds(candidate.settings().keepAliveInterval()))
                .put("idleTimeout", seconds(candidate.settings().idleTimeout()));
    }

    private @Nullable String shown(String header) {
        return ShownHeaders.value(handshake.head(), header).orElse(null);
    }

    private static JsonObject object(Map<String, String> members) {
        var object = new JsonObject();
        members.forEach(object::put);
        return object;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }
}
