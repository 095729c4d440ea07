package dev.resound.websocket.handshake;

import dev.resound.websocket.handshake.HandshakeRule.Finding;
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
                    Refusal.of(HandshakeOutcome.METHOD, 405, "a WebSocket handshake is a GET request (RFC 6455 4.2.1)")
                            .with("Allow", "GET"),
                    head -> head.method().equals(HttpMethod.GET),
                    head -> Finding.ofRequestLine(Optional.of(head.method().name()))),
            HandshakeRule.ofHead(
                    "http-version",
                    notWebSocket("a WebSocket handshake needs HTTP/1.1 (RFC 6455 4.2.1)"),
                    head -> head.version() == HttpVersion.HTTP_1_1,
                    head -> Finding.ofRequestLine(Optional.of(head.versionName()))),
            HandshakeRule.ofHead(
                    "target",
                    notWebSocket("the request target must be a URI (RFC 6455 4.2.1)"),
                    head -> head.targetBreaksAt().isEmpty(),
                    head -> Finding.ofRequestLine(whereTargetBreaks(head))),
            HandshakeRule.ofHeader(
                    "host",
                    "Host",
                    notWebSocket("the Host header must name the server, once (RFC 6455 4.2.1)"),
                    RequestHead::hasHost),
            HandshakeRule.ofHeader(
                    "upgrade",
                    "Upgrade",
                    notWebSocket("the Upgrade header must name websocket (RFC 6455 4.2.1)"),
                    head -> head.hasToken("Upgrade", "websocket")),
            HandshakeRule.ofHeader(
                    "connection",
                    "Connection",
                    notWebSocket("the Connection header must name Upgrade (RFC 6455 4.2.1)"),
                    head -> head.hasToken("Connection", "upgrade")),
            HandshakeRule.ofHead(
                    "body",
                    notWebSocket("a WebSocket handshake has no body"),
                    head -> !head.hasBody(),
                    HandshakeRules::whatAnnouncesBody),
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
                    head -> head.all("Sec-WebSocket-Version").equals(List.of(VERSION))),
            HandshakeRule.ofHeader(
                    "protocols",
                    Subprotocol.HEADER,
                    notWebSocket("the Sec-WebSocket-Protocol header must be a list of tokens (RFC 6455 4.3)"),
                    head -> Subprotocol.isSound(head.all(Subprotocol.HEADER))),
            HandshakeRule.ofHeader(
                    "extensions",
                    EXTENSIONS,
                    notWebSocket("the Sec-WebSocket-Extensions header must be a list of tokens (RFC 6455 9.1)"),
                    head -> Extension.parse(head.all(EXTENSIONS)).isPresent()),
            HandshakeRule.ofHeader(
                    "key",
                    RequestHead.KEY,
                    Refusal.of(
                            HandshakeOutcome.KEY,
                            400,
                            "the Sec-WebSocket-Key header must be 16 bytes in base64, once (RFC 6455 4.2.1)"),
                    RequestHead::hasValidKey),
            new HandshakeRule(
                    "origin",
                    "the Origin header must be one that is allowed here (RFC 6455 10.2)",
                    Refusal.ORIGIN,
                    handshake -> handshake.allowingOrigin().isPresent(),
                    head -> Finding.ofHeader(head, "Origin")),
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
                return Optional.of(rule.refuse(handshake.head()));
            }
        }
        return Optional.empty();
    }

    private static Refusal notWebSocket(String detail) {
        return Refusal.of(HandshakeOutcome.NOT_WEBSOCKET, 400, detail);
    }

    /** Only the one character, because a query may hold secrets. */
    private static Optional<String> whereTargetBreaks(RequestHead head) {
        String target = head.target();
        return head.targetBreaksAt().stream()
                .mapToObj(at -> at < target.length() ? target.charAt(at) + " at " + at : "its end")
                .findFirst();
    }

    /** The transfer coding goes before the length (RFC 9112 section 6.3). */
    private static Finding whatAnnouncesBody(RequestHead head) {
        return Finding.ofHeader(
                head,
                head.all(RequestHead.TRANSFER_ENCODING).isEmpty()
                        ? RequestHead.CONTENT_LENGTH
                        : RequestHead.TRANSFER_ENCODING);
    }
}
