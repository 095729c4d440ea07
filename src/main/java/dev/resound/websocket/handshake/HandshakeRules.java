package dev.resound.websocket.handshake;

import dev.resound.websocket.handshake.HandshakeRule.Finding;
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

    private static final String VERSION = "13";

    /** In the order of checking: the first broken rule decides the response. */
    private static final List<HandshakeRule> ALL = List.of(
            HandshakeRule.ofRequest(
                    "method",
                    Refusal.of(HandshakeOutcome.METHOD, 405, "a WebSocket handshake is a GET request (RFC 6455 4.2.1)")
                            .with("Allow", "GET"),
                    request -> request.extendedConnect() || request.method().equals(HttpMethod.GET),
                    request ->
                            Finding.ofRequestLine(Optional.of(request.method().name()))),
            HandshakeRule.ofRequest(
                    "http-version",
                    notWebSocket("a WebSocket handshake is a GET of HTTP/1.1 (RFC 6455 4.2.1) or an extended CONNECT of"
                            + " HTTP/2 (RFC 8441 4)"),
                    request -> request.extendedConnect() || request.version() == HttpVersion.HTTP_1_1,
                    request -> Finding.ofRequestLine(Optional.of(request.versionName()))),
            HandshakeRule.ofRequest(
                    "target",
                    notWebSocket("the request target must be a URI (RFC 6455 4.2.1)"),
                    request -> request.targetErrorIndex().isEmpty(),
                    request -> Finding.ofRequestLine(targetError(request))),
            HandshakeRule.ofHeader(
                    "host",
                    "Host",
                    notWebSocket("the Host header must name the server, once (RFC 6455 4.2.1)"),
                    HandshakeRequest::hasHost),
            HandshakeRule.ofHeader(
                    "upgrade",
                    "Upgrade",
                    notWebSocket("the Upgrade header must name websocket (RFC 6455 4.2.1)"),
                    request -> request.isHttp2() || request.hasToken("Upgrade", "websocket")),
            HandshakeRule.ofHeader(
                    "connection",
                    "Connection",
                    notWebSocket("the Connection header must name Upgrade (RFC 6455 4.2.1)"),
                    request -> request.isHttp2() || request.hasToken("Connection", "upgrade")),
            HandshakeRule.ofRequest(
                    "body",
                    notWebSocket("a WebSocket handshake must not have a body"),
                    request -> !request.hasBody(),
                    HandshakeRules::bodyHeader),
            HandshakeRule.ofHeader(
                    "version",
                    "Sec-WebSocket-Version",
                    Refusal.of(
                                    HandshakeOutcome.VERSION,
                                    426,
                                    "the Sec-WebSocket-Version header must be 13 (RFC 6455 4.2.2)")
                            .with("Sec-WebSocket-Version", VERSION)
                            // RFC 9110 section 15.5.22: a 426 names what to upgrade to.
                            .with("Upgrade", "websocket")
                            .with("Connection", "Upgrade"),
                    request -> request.all("Sec-WebSocket-Version").equals(List.of(VERSION))),
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
            new HandshakeRule(
                    "origin",
                    "the Origin header must name an allowed origin (RFC 6455 10.2)",
                    Refusal.ORIGIN,
                    (request, service) -> request.originAllowedBy().isPresent(),
                    request -> Finding.ofHeader(request, "Origin")),
            HandshakeRule.ofService(
                    "draining",
                    "the server must not be draining",
                    Refusal.DRAINING,
                    service -> !service.draining().getAsBoolean()),
            HandshakeRule.ofService(
                    "capacity",
                    "one more connection must be within the limits, in total and for this client",
                    Refusal.CAPACITY,
                    service -> service.room().getAsBoolean()));

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
    private static Finding bodyHeader(HandshakeRequest request) {
        return Finding.ofHeader(
                request,
                request.all(HandshakeRequest.TRANSFER_ENCODING).isEmpty()
                        ? HandshakeRequest.CONTENT_LENGTH
                        : HandshakeRequest.TRANSFER_ENCODING);
    }
}
