package dev.resound.websocket.handshake;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/**
 * The rules for an opening handshake (RFC 6455 section 4.2), checked before Vert.x upgrades the connection: Vert.x
 * itself accepts any key, and any header value that contains the expected word.
 *
 * <p>An extended CONNECT of HTTP/2 has no key and no {@code Upgrade} or {@code Connection} header (RFC 8441 section 5),
 * so the rules about these three hold for every request over HTTP/2. Any other request over HTTP/2 breaks the rule
 * about the version of HTTP instead.
 */
public final class HandshakeRules {

    /** Stands for the status that a client has not requested. */
    private static final int NO_STATUS = 400;

    private static final String VERSION = "13";

    private static final String HTTP_VERSION =
            "a WebSocket handshake is a GET of HTTP/1.1 (RFC 6455 4.2.1) or an extended CONNECT of HTTP/2 (RFC 8441 4)";

    private static final String BODY = "a WebSocket handshake must not have a body";

    private static final String PARAMETERS = "the parameters of the query that the service knows must be valid";

    /** In the order of checking: the first broken rule decides the response. */
    private static final List<HandshakeRule> ALL = List.of(
            HandshakeRule.ofRequestLine(
                    "method",
                    Refusal.of(HandshakeOutcome.METHOD, 405, "a WebSocket handshake is a GET request (RFC 6455 4.2.1)")
                            .with("Allow", "GET"),
                    request -> request.extendedConnect() || request.method().equals(HttpMethod.GET),
                    request -> Optional.of(request.method().name())),
            HandshakeRule.ofRequest(
                    "http-version",
                    HTTP_VERSION,
                    request -> request.extendedConnect() || request.version() == HttpVersion.HTTP_1_1,
                    request -> notWebSocket(wrongVersion(request)).finding("", Optional.of(request.versionName()))),
            HandshakeRule.ofRequestLine(
                    "target",
                    notWebSocket("the request target must be a URI (RFC 6455 4.2.1)"),
                    request -> request.targetErrorIndex().isEmpty(),
                    HandshakeRules::targetError),
            HandshakeRule.ofHeader(
                    "host",
                    "Host",
                    notWebSocket("the Host header must name the server, once (RFC 6455 4.2.1)"),
                    HandshakeRequest::hasHost),
            HandshakeRule.ofHeader(
                    "upgrade",
                    "Upgrade",
                    notWebSocket("the Upgrade header must name websocket (RFC 6455 4.2.1)"),
                    request -> request.isHttp2() || request.hasToken("Upgrade", "websocket"),
                    HandshakeRules::upgradeRemoved),
            HandshakeRule.ofHeader(
                    "connection",
                    "Connection",
                    notWebSocket("the Connection header must name Upgrade (RFC 6455 4.2.1)"),
                    request -> request.isHttp2() || request.hasToken("Connection", "upgrade"),
                    HandshakeRules::connectionReplaced),
            HandshakeRule.ofRequest("body", BODY, request -> !request.hasBody(), HandshakeRules::body),
            HandshakeRule.ofHeader(
                    "version",
                    HandshakeRequest.VERSION,
                    Refusal.of(
                                    HandshakeOutcome.VERSION,
                                    426,
                                    "the Sec-WebSocket-Version header must be 13 (RFC 6455 4.2.2)")
                            .with(HandshakeRequest.VERSION, VERSION)
                            // RFC 9110 section 15.5.22: a 426 names what to upgrade to.
                            .with("Upgrade", "websocket")
                            .with("Connection", "Upgrade"),
                    request -> request.all(HandshakeRequest.VERSION).equals(List.of(VERSION))),
            HandshakeRule.ofHeader(
                    "protocols",
                    Subprotocol.HEADER,
                    notWebSocket("the Sec-WebSocket-Protocol header must be a list of tokens (RFC 6455 4.3)"),
                    request -> Subprotocol.isValid(request.all(Subprotocol.HEADER))),
            HandshakeRule.ofHeader(
                    "extensions",
                    Extension.HEADER,
                    notWebSocket("the Sec-WebSocket-Extensions header must be a list of extensions (RFC 6455 9.1)"),
                    request -> Extension.parse(request.all(Extension.HEADER)).isPresent()),
            HandshakeRule.ofHeader(
                    "key",
                    HandshakeRequest.KEY,
                    Refusal.of(
                            HandshakeOutcome.KEY,
                            400,
                            "the Sec-WebSocket-Key header must be 16 bytes in base64, once (RFC 6455 4.2.1)"),
                    request -> request.isHttp2() || request.hasValidKey()),
            HandshakeRule.ofRequest(
                    "origin",
                    "the Origin header must name an allowed origin (RFC 6455 10.2)",
                    request -> request.originAllowedBy().isPresent(),
                    request -> Refusal.ORIGIN.finding("Origin", ShownHeaders.found(request, "Origin"))),
            HandshakeRule.ofRequest(
                    "parameters",
                    PARAMETERS,
                    request -> request.options().invalid().isEmpty(),
                    request -> request.options()
                            .invalid()
                            .map(Refusal::of)
                            .orElse(Refusal.of(HandshakeOutcome.PARAMETER, 400, PARAMETERS))),
            HandshakeRule.ofRequest(
                    "refuse",
                    "the client must not request that the handshake is refused",
                    request -> request.options().faults().refusal().isEmpty(),
                    request ->
                            Refusal.ofFault(request.options().faults().refusal().orElse(NO_STATUS))),
            HandshakeRule.ofService(
                    "draining", "the server must not be draining", Refusal.DRAINING, service -> !service.isDraining()),
            HandshakeRule.ofService(
                    "memory",
                    "memory must not be short",
                    Refusal.OVERLOADED,
                    service -> service.room() != Room.OVERLOADED),
            HandshakeRule.ofService(
                    "capacity",
                    "one more connection must be within the limit in total",
                    Refusal.FULL,
                    service -> service.room() != Room.FULL),
            HandshakeRule.ofService(
                    "capacity-per-address",
                    "one more connection must be within the limit for this client",
                    Refusal.FULL_FOR_CLIENT,
                    service -> service.room() != Room.FULL_FOR_CLIENT),
            HandshakeRule.ofService(
                    "probes",
                    "one more connection without keep-alive must be within the limits",
                    Refusal.FULL_FOR_PROBES,
                    service -> service.room() != Room.FULL_FOR_PROBES));

    private HandshakeRules() {}

    /** All rules in the order of checking. */
    static List<HandshakeRule> all() {
        return ALL;
    }

    /** The response for the first rule that a request breaks; empty if it breaks none. */
    public static Optional<Refusal> check(HandshakeRequest request, ServiceState service) {
        for (HandshakeRule rule : ALL) {
            if (!rule.holds(request, service)) {
                return Optional.of(rule.refuse(request));
            }
        }
        return Optional.empty();
    }

    private static Refusal notWebSocket(String detail) {
        return Refusal.of(HandshakeOutcome.NOT_WEBSOCKET, 400, detail);
    }

    /** The invalid character and its position. The rest stays hidden: a query may contain secrets. */
    private static Optional<String> targetError(HandshakeRequest request) {
        String target = request.target();
        return request.targetErrorIndex().stream()
                .mapToObj(at -> at < target.length() ? target.charAt(at) + " at " + at : "its end")
                .findFirst();
    }

    /** {@code Transfer-Encoding} overrides {@code Content-Length} (RFC 9112 section 6.3). */
    private static Refusal body(HandshakeRequest request) {
        String header = request.all(HandshakeRequest.TRANSFER_ENCODING).isEmpty()
                ? HandshakeRequest.CONTENT_LENGTH
                : HandshakeRequest.TRANSFER_ENCODING;
        return notWebSocket(BODY).finding(header, ShownHeaders.found(request, header));
    }

    // What a proxy on the way has done to a handshake: the most frequent reasons why WebSockets fail.

    private static String wrongVersion(HandshakeRequest request) {
        return request.signOfHandshake()
                .map(sign -> request.isHttp2()
                        ? "a GET over HTTP/2 though " + sign + " is present: a proxy on the way forwarded the handshake"
                                + " over HTTP/2 without extended CONNECT (RFC 8441 4)"
                        : "HTTP/1.0 though " + sign + " is present: a proxy on the way speaks HTTP/1.0, which has no"
                                + " Upgrade (RFC 6455 4.2.1)")
                .orElse(HTTP_VERSION);
    }

    private static Optional<String> upgradeRemoved(HandshakeRequest request) {
        return request.signOfHandshake()
                .filter(sign -> request.all("Upgrade").isEmpty())
                .map(sign -> "Upgrade header missing though " + sign
                        + " is present: a proxy on the way removed it (RFC 6455 4.2.1)");
    }

    private static Optional<String> connectionReplaced(HandshakeRequest request) {
        return request.signOfHandshake()
                .map(sign -> "Connection header without Upgrade though " + sign
                        + " is present: a proxy on the way replaced it (RFC 6455 4.2.1)");
    }
}
