package dev.resound.websocket.handshake;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/**
 * What an opening handshake must hold (RFC 6455 section 4.2), checked rule by rule before Vert.x upgrades: by itself it takes any
 * key, and any header value that contains the word.
 */
public final class HandshakeRules {

    /** The header by which extensions are offered and accepted (RFC 6455 section 9.1). */
    public static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    private static final String VERSION = "13";

    /** In the order in which they are checked: the first one that is broken decides about the answer. */
    private static final List<HandshakeRule> ALL = List.of(
            HandshakeRule.ofHead(
                    "method",
                    Refusal.of(
                                    HandshakeOutcome.METHOD,
                                    405,
                                    "",
                                    "a WebSocket handshake is a GET request (RFC 6455 4.2.1)")
                            .with("Allow", "GET"),
                    head -> head.method().equals(HttpMethod.GET),
                    head -> Optional.of(head.method().name())),
            HandshakeRule.ofHead(
                    "http-version",
                    notWebSocket("", "a WebSocket handshake needs HTTP/1.1 (RFC 6455 4.2.1)"),
                    head -> head.version() == HttpVersion.HTTP_1_1,
                    head -> Optional.of(head.versionName())),
            HandshakeRule.ofHead(
                    "target",
                    notWebSocket("", "the request target must be a URI (RFC 6455 4.2.1)"),
                    head -> head.targetBreaksAt().isEmpty(),
                    HandshakeRules::whereTargetBreaks),
            HandshakeRule.ofHeader(
                    "host",
                    notWebSocket("Host", "the Host header must name the server, once (RFC 6455 4.2.1)"),
                    RequestHead::hasHost),
            HandshakeRule.ofHeader(
                    "upgrade",
                    notWebSocket("Upgrade", "the Upgrade header must name websocket (RFC 6455 4.2.1)"),
                    head -> head.hasToken("Upgrade", "websocket")),
            HandshakeRule.ofHeader(
                    "connection",
                    notWebSocket("Connection", "the Connection header must name Upgrade (RFC 6455 4.2.1)"),
                    head -> head.hasToken("Connection", "upgrade")),
            HandshakeRule.ofHead(
                    "body",
                    notWebSocket("Content-Length", "a WebSocket handshake has no body"),
                    head -> !head.hasBody(),
                    head -> ShownHeaders.value(head, "Content-Length")
                            .or(() -> ShownHeaders.value(head, "Transfer-Encoding")
                                    .map("Transfer-Encoding: "::concat))),
            HandshakeRule.ofHeader(
                    "version",
                    Refusal.of(
                                    HandshakeOutcome.VERSION,
                                    426,
                                    "Sec-WebSocket-Version",
                                    "the Sec-WebSocket-Version header must be 13 (RFC 6455 4.2.2)")
                            .with("Sec-WebSocket-Version", VERSION)
                            // RFC 9110 section 15.5.22: a 426 names what to upgrade to.
                            .with("Upgrade", "websocket")
                            .with("Connection", "Upgrade"),
                    head -> head.all("Sec-WebSocket-Version").equals(List.of(VERSION))),
            HandshakeRule.ofHeader(
                    "extensions",
                    notWebSocket(
                            EXTENSIONS, "the Sec-WebSocket-Extensions header must be a list of tokens (RFC 6455 9.1)"),
                    head -> Extension.parse(head.all(EXTENSIONS)).isPresent()),
            HandshakeRule.ofHeader(
                    "key",
                    Refusal.of(
                            HandshakeOutcome.KEY,
                            400,
                            RequestHead.KEY,
                            "the Sec-WebSocket-Key header must be 16 bytes in base64, once (RFC 6455 4.2.1)"),
                    RequestHead::hasValidKey),
            new HandshakeRule(
                    "origin",
                    "the Origin header must be one that is allowed here (RFC 6455 10.2)",
                    Refusal.ORIGIN,
                    handshake -> handshake.allowingOrigin().isPresent(),
                    head -> ShownHeaders.value(head, "Origin")),
            HandshakeRule.ofService(
                    "draining",
                    "the server must not be draining",
                    Refusal.DRAINING,
                    handshake -> !handshake.draining().getAsBoolean()),
            HandshakeRule.ofService(
                    "capacity",
                    "there must be room for one more connection, in all and from this client",
                    Refusal.CAPACITY,
                    handshake -> handshake.place().getAsBoolean()));

    private HandshakeRules() {}

    /** All of them, in the order in which they are checked. */
    public static List<HandshakeRule> all() {
        return ALL;
    }

    /** The answer to the first rule that a handshake breaks; empty where it is one that can be accepted. */
    public static Optional<Refusal> check(Handshake handshake) {
        for (HandshakeRule rule : ALL) {
            if (!rule.isKeptBy(handshake)) {
                return Optional.of(rule.refusal());
            }
        }
        return Optional.empty();
    }

    private static Refusal notWebSocket(String header, String detail) {
        return Refusal.of(HandshakeOutcome.NOT_WEBSOCKET, 400, header, detail);
    }

    /** The one character, as a query may hold what is nobody's business. */
    private static Optional<String> whereTargetBreaks(RequestHead head) {
        String target = head.target();
        return head.targetBreaksAt().stream()
                .mapToObj(at -> at < target.length() ? target.charAt(at) + " at " + at : "its end")
                .findFirst();
    }
}
