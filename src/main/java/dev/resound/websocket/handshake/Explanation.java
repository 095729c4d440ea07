package dev.resound.websocket.handshake;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Explains what would happen to a handshake, and why: every rule, the chosen subprotocol and extensions, and the
 * headers as they arrived. It shows headers only as {@link ShownHeaders} permits.
 */
public final class Explanation {

    private static final String PARAMETER = "explain";

    private static final String HTTP2_DISABLED =
            "WebSockets over HTTP/2 are disabled: this HTTP/2 connection cannot carry"
                    + " one, and a browser opens an HTTP/1.1 connection for it";

    private final HandshakeRequest request;
    /** Checked once, so that all parts agree. */
    private final List<HandshakeRule> broken;

    /** @param service must not reserve a place */
    public Explanation(HandshakeRequest request, ServiceState service) {
        this.request = request;
        this.broken = HandshakeRules.all().stream()
                .filter(rule -> !rule.holds(request, service))
                .toList();
    }

    /** Whether a request asks for an explanation, with {@code ?explain}. */
    public static boolean isWanted(HttpServerRequest request) {
        String query = request.query();
        return query != null
                && request.method().equals(HttpMethod.GET)
                // Not with the parser of Vert.x: the query may be invalid, and that is then explained.
                && Arrays.stream(query.split("&"))
                        .anyMatch(each -> each.equals(PARAMETER) || each.startsWith(PARAMETER + "="));
    }

    public JsonObject toJson() {
        return new JsonObject()
                .put("verdict", verdict())
                .put("request", request())
                .put("handshake", handshake())
                .put("rules", rules())
                .put("origin", origin())
                .put("forwarded", object(ShownHeaders.forwarded(request)))
                .put("protocol", protocol())
                .put("extensions", extensions());
    }

    private JsonObject verdict() {
        Optional<Refusal> refusal = broken.stream().findFirst().map(HandshakeRule::refusal);
        return new JsonObject()
                .put("status", refusal.map(Refusal::status).orElse(request.extendedConnect() ? 200 : 101))
                .put(
                        "outcome",
                        refusal.map(Refusal::outcome)
                                .orElse(HandshakeOutcome.ACCEPTED)
                                .label())
                .put(
                        "detail",
                        isHttp2Disabled()
                                ? HTTP2_DISABLED
                                : refusal.map(Refusal::detail).orElse(accepted()));
    }

    /** Over HTTP/2, the request is taken for an extended CONNECT unless WebSockets over HTTP/2 are disabled. */
    private boolean isHttp2Disabled() {
        return request.isHttp2() && !request.extendedConnect();
    }

    private String accepted() {
        return request.extendedConnect()
                ? "an extended CONNECT with these headers would become a WebSocket (RFC 8441)"
                : "the request would become a WebSocket";
    }

    private JsonObject request() {
        return new JsonObject()
                .put("method", request.http().method().name())
                .put("version", request.versionName())
                .put("tls", request.http().isSSL())
                .put("host", shown("Host"))
                .put("peer", request.peer().ip().toString())
                .put("client", request.client().toString())
                .put("headers", object(ShownHeaders.of(request)));
    }

    /**
     * What a WebSocket handshake over the same HTTP protocol looks like, or over HTTP/1.1 if that is the only one. The
     * request itself is always a GET.
     */
    private JsonObject handshake() {
        HttpProtocol http = isHttp2Disabled() ? HttpProtocol.HTTP_1 : request.httpProtocol();
        return new JsonObject().put("http", http.label()).put("form", http.handshake());
    }

    private JsonArray rules() {
        var rules = new JsonArray();
        for (HandshakeRule rule : HandshakeRules.all()) {
            Refusal refusal = rule.refuse(request);
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
        Optional<String> allowedBy = request.originAllowedBy();
        return new JsonObject()
                .put("sent", shown("Origin"))
                .put("allowed", allowedBy.isPresent())
                .put("matched", allowedBy.orElse(null));
    }

    private JsonObject protocol() {
        return new JsonObject()
                .put("offered", new JsonArray(ShownHeaders.protocols(request)))
                .put("chosen", request.subprotocol().map(Subprotocol::token).orElse(null))
                .put("gives", request.kind().label());
    }

    private JsonObject extensions() {
        return new JsonObject()
                .put("offered", shown(Extension.HEADER))
                .put(
                        "accepted",
                        request.compression()
                                .map(DeflateNegotiation::responseHeader)
                                .orElse(null));
    }

    private @Nullable String shown(String header) {
        return ShownHeaders.value(request, header).orElse(null);
    }

    private static JsonObject object(Map<String, String> members) {
        var object = new JsonObject();
        members.forEach(object::put);
        return object;
    }
}
