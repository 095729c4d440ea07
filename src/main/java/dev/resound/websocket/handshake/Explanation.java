package dev.resound.websocket.handshake;

import dev.resound.ip.PeerAddress;
import dev.resound.websocket.fault.Fault;
import dev.resound.websocket.fault.InvalidParameter;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Explains what would happen to a handshake, and why: every rule, the chosen subprotocol and extensions, and the
 * headers as they arrived. It shows headers only as {@link ShownHeaders} permits.
 *
 * <p>A request without any header of a handshake, as a browser or {@code curl} sends it, stands for the handshake that
 * a WebSocket client would send on the same way. The headers that are missing are then assumed. A script cannot set
 * {@code Origin} and {@code Sec-WebSocket-Protocol}, so the parameters {@code origin} and {@code protocol} replace
 * them if they are absent.
 */
public final class Explanation {

    private static final String PARAMETER = "explain";

    /** Headers that a script cannot set, with the parameters in place of them. */
    private static final Map<String, String> REPLACED = Map.of("Origin", "origin", Subprotocol.HEADER, "protocol");

    /** Any valid key. */
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAA==";

    /** The request as it arrived. */
    private final HandshakeRequest arrived;
    /** The request with the headers that parameters replace. */
    private final HandshakeRequest completed;
    /** The handshake for which the request stands. */
    private final HandshakeRequest handshake;

    private final List<String> assumed;

    /** @param http2 whether a WebSocket may use HTTP/2 */
    public Explanation(HandshakePolicies policies, HttpServerRequest http, boolean http2, PeerAddress peer) {
        // A script cannot send an extended CONNECT, so over HTTP/2 its GET stands for one.
        boolean connect = http2 && http.version() == HttpVersion.HTTP_2;
        arrived = policies.apply(http, connect, peer);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(http.headers());
        replace(headers, HandshakeQuery.parse(http.query()).after(PARAMETER));
        completed = policies.apply(http, headers, http.version(), connect, peer);
        if (isHandshake(completed)) {
            assumed = List.of();
            handshake = completed;
        } else {
            // A client opens a TCP connection with HTTP/1.1 for a WebSocket that HTTP/2 cannot carry.
            HttpVersion version =
                    http.version() == HttpVersion.HTTP_2 && !connect ? HttpVersion.HTTP_1_1 : http.version();
            assumed = connect
                    ? List.of(HandshakeRequest.VERSION)
                    : List.of("Upgrade", "Connection", HandshakeRequest.VERSION, HandshakeRequest.KEY);
            handshake = policies.apply(http, assume(headers), version, connect, peer);
        }
    }

    /** Explains an accepted handshake, which stands for itself. */
    public Explanation(HandshakeRequest accepted) {
        arrived = accepted;
        completed = accepted;
        handshake = accepted;
        assumed = List.of();
    }

    private static void replace(MultiMap headers, HandshakeQuery parameters) {
        REPLACED.forEach((header, parameter) -> {
            if (!headers.contains(header)) {
                headers.add(header, parameters.all(parameter));
            }
        });
    }

    /** Whether a request has any header of a handshake, or another method; it then stands for itself. */
    private static boolean isHandshake(HandshakeRequest request) {
        // Not by Connection: many proxies send "Connection: upgrade" with every request.
        return request.signOfHandshake().isPresent() || !request.all("Upgrade").isEmpty();
    }

    private static MultiMap assume(MultiMap headers) {
        return MultiMap.caseInsensitiveMultiMap()
                .addAll(headers)
                .set("Upgrade", "websocket")
                .set("Connection", "Upgrade")
                .set(HandshakeRequest.VERSION, "13")
                .set(HandshakeRequest.KEY, KEY);
    }

    /** Describes how a handshake arrived, and what became of it. */
    public static JsonObject ofAttempt(HandshakeRequest request, Optional<Refusal> refusal) {
        return new JsonObject()
                .put(
                        "verdict",
                        refusal.map(Explanation::verdict)
                                .orElseGet(() -> accepted(request, "the request became a WebSocket")))
                .put("request", request(request));
    }

    /** Whether a request asks for an explanation, with {@code ?explain}. */
    public static boolean isWanted(HttpServerRequest request) {
        return request.method().equals(HttpMethod.GET)
                && HandshakeQuery.parse(request.query()).contains(PARAMETER);
    }

    /** The handshake for which the request stands. */
    public HandshakeRequest handshake() {
        return handshake;
    }

    private JsonObject faults() {
        HandshakeOptions options = handshake.options();
        return new JsonObject()
                .put("enabled", handshake.settings().faults())
                .put(
                        "requested",
                        new JsonArray(options.faults().faults().stream()
                                .map(Fault::label)
                                .sorted()
                                .toList()))
                .put("valid", options.invalid().isEmpty())
                .put("problem", options.invalid().map(Explanation::problem).orElse(null));
    }

    private static JsonObject problem(InvalidParameter invalid) {
        Refusal refusal = Refusal.of(invalid);
        return new JsonObject()
                .put("parameter", refusal.parameter())
                .put("found", refusal.found().orElse(null))
                .put("detail", refusal.detail());
    }

    /** @param service must not reserve a place */
    public JsonObject toJson(ServiceState service) {
        // Checked once, so that all parts agree.
        List<HandshakeRule> broken = HandshakeRules.all().stream()
                .filter(rule -> !rule.holds(handshake, service))
                .toList();
        return new JsonObject()
                .put("verdict", verdict(broken))
                .put("request", request(arrived))
                .put("handshake", form())
                .put("rules", rules(broken, service))
                .put("origin", origin())
                .put("forwarded", object(ShownHeaders.forwarded(arrived)))
                .put("protocol", protocol())
                .put("extensions", extensions())
                .put("faults", faults());
    }

    private JsonObject verdict(List<HandshakeRule> broken) {
        return broken.isEmpty()
                ? accepted(handshake, future())
                : verdict(broken.getFirst().refuse(completed));
    }

    private static JsonObject verdict(Refusal refusal) {
        return new JsonObject()
                .put("status", refusal.status())
                .put("outcome", refusal.outcome().label())
                .put("rule", refusal.rule())
                .put("detail", refusal.detail());
    }

    private static JsonObject accepted(HandshakeRequest request, String detail) {
        return new JsonObject()
                .put("status", request.extendedConnect() ? 200 : 101)
                .put("outcome", HandshakeOutcome.ACCEPTED.label())
                .putNull("rule")
                .put("detail", detail);
    }

    private String future() {
        if (!assumed.isEmpty()) {
            return "a WebSocket handshake like this request would be accepted";
        }
        return handshake.extendedConnect()
                ? "an extended CONNECT with these headers would become a WebSocket (RFC 8441)"
                : "the request would become a WebSocket";
    }

    private static JsonObject request(HandshakeRequest arrived) {
        return new JsonObject()
                .put("method", arrived.http().method().name())
                .put("version", arrived.versionName())
                .put("tls", arrived.http().isSSL())
                .put("host", shown(arrived, "Host"))
                .put("peer", arrived.peer().ip().toString())
                .put("client", arrived.client().toString())
                .put("headers", object(ShownHeaders.of(arrived)));
    }

    /** The form of the WebSocket handshake; the request itself is always a GET. */
    private JsonObject form() {
        HttpProtocol http = handshake.httpProtocol();
        return new JsonObject()
                .put("http", http.label())
                .put("form", http.handshake())
                .put("assumed", new JsonArray(assumed));
    }

    private JsonArray rules(List<HandshakeRule> broken, ServiceState service) {
        var rules = new JsonArray();
        for (HandshakeRule rule : HandshakeRules.all()) {
            Refusal refusal = rule.refuse(completed);
            boolean passed = !broken.contains(rule);
            rules.add(new JsonObject()
                    .put("rule", rule.name())
                    .put("passed", passed)
                    .put("assumed", passed && !rule.holds(completed, service))
                    .put("header", refusal.header().isEmpty() ? null : refusal.header())
                    .put("found", refusal.found().orElse(null))
                    .put("detail", rule.sentence()));
        }
        return rules;
    }

    private JsonObject origin() {
        Optional<String> allowedBy = handshake.originAllowedBy();
        return new JsonObject()
                .put("sent", shown(arrived, "Origin"))
                .put("checked", shown(completed, "Origin"))
                .put("allowed", allowedBy.isPresent())
                .put("matched", allowedBy.orElse(null));
    }

    private JsonObject protocol() {
        return new JsonObject()
                .put("offered", new JsonArray(ShownHeaders.protocols(completed)))
                .put("chosen", handshake.subprotocol().map(Subprotocol::token).orElse(null))
                .put("gives", handshake.kind().label());
    }

    private JsonObject extensions() {
        return new JsonObject()
                .put("offered", shown(arrived, Extension.HEADER))
                .put(
                        "accepted",
                        handshake
                                .compression()
                                .map(DeflateNegotiation::responseHeader)
                                .orElse(null));
    }

    private static @Nullable String shown(HandshakeRequest request, String header) {
        return ShownHeaders.value(request, header).orElse(null);
    }

    private static JsonObject object(Map<String, String> members) {
        var object = new JsonObject();
        members.forEach(object::put);
        return object;
    }
}
