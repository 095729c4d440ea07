package dev.resound.websocket.handshake;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a client's opening handshake must hold (RFC 6455 section 4.2.1), checked one by one before Vert.x upgrades: by itself it
 * takes any key, and any header value that contains the word.
 */
public final class HandshakeRules {

    /** The header by which extensions are offered and accepted (RFC 6455 section 9.1). */
    public static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private HandshakeRules() {}

    /**
     * The first rule that the request breaks; empty where it is a WebSocket handshake.
     *
     * @param target the request's target as sent
     */
    public static Optional<Refusal> check(HttpMethod method, String target, HttpVersion version, MultiMap headers) {
        if (!method.equals(HttpMethod.GET)) {
            return refuse(Refusal.of(
                            HandshakeOutcome.METHOD, 405, "", "a WebSocket handshake is a GET request (RFC 6455 4.2.1)")
                    .with("Allow", "GET"));
        }
        if (version != HttpVersion.HTTP_1_1) {
            return notWebSocket("", "a WebSocket handshake needs HTTP/1.1 (RFC 6455 4.2.1)");
        }
        if (!isUri(target)) {
            return notWebSocket("", "the request target must be a URI (RFC 6455 4.2.1)");
        }
        if (!hasHost(headers)) {
            return notWebSocket("Host", "the Host header must name the server, once (RFC 6455 4.2.1)");
        }
        if (!hasToken(headers, "Upgrade", "websocket")) {
            return notWebSocket("Upgrade", "the Upgrade header must name websocket (RFC 6455 4.2.1)");
        }
        if (!hasToken(headers, "Connection", "upgrade")) {
            return notWebSocket("Connection", "the Connection header must name Upgrade (RFC 6455 4.2.1)");
        }
        if (hasBody(headers)) {
            return notWebSocket("Content-Length", "a WebSocket handshake has no body");
        }
        if (!headers.getAll("Sec-WebSocket-Version").equals(List.of(VERSION))) {
            return refuse(Refusal.of(
                            HandshakeOutcome.VERSION,
                            426,
                            "Sec-WebSocket-Version",
                            "the Sec-WebSocket-Version header must be 13 (RFC 6455 4.2.2)")
                    .with("Sec-WebSocket-Version", VERSION)
                    // RFC 9110 section 15.5.22: a 426 names what to upgrade to.
                    .with("Upgrade", "websocket")
                    .with("Connection", "Upgrade"));
        }
        if (Extension.parse(headers.getAll(EXTENSIONS)).isEmpty()) {
            return notWebSocket(
                    EXTENSIONS, "the Sec-WebSocket-Extensions header must be a list of tokens (RFC 6455 9.1)");
        }
        if (!hasValidKey(headers)) {
            return refuse(Refusal.of(
                    HandshakeOutcome.KEY,
                    400,
                    "Sec-WebSocket-Key",
                    "the Sec-WebSocket-Key header must be 16 bytes in base64, once (RFC 6455 4.2.1)"));
        }
        return Optional.empty();
    }

    private static boolean isUri(String target) {
        try {
            new URI(target);
            return true;
        } catch (URISyntaxException broken) {
            return false;
        }
    }

    private static boolean hasHost(MultiMap headers) {
        List<String> hosts = headers.getAll("Host");
        return hosts.size() == 1 && !hosts.getFirst().isBlank();
    }

    /** Whether a header that is a list of tokens (RFC 9110 section 5.6.1), however often it is given, holds a token. */
    private static boolean hasToken(MultiMap headers, String name, String token) {
        for (String value : headers.getAll(name)) {
            for (String element : value.split(",", -1)) {
                if (element.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasBody(MultiMap headers) {
        String length = headers.get("Content-Length");
        return headers.contains("Transfer-Encoding")
                || (length != null && !length.strip().equals("0"));
    }

    private static boolean hasValidKey(MultiMap headers) {
        List<String> keys = headers.getAll("Sec-WebSocket-Key");
        if (keys.size() != 1) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(keys.getFirst()).length == KEY_BYTES
                    && keys.getFirst().endsWith("==");
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static Optional<Refusal> notWebSocket(String header, String detail) {
        return refuse(Refusal.of(HandshakeOutcome.NOT_WEBSOCKET, 400, header, detail));
    }

    private static Optional<Refusal> refuse(Refusal refusal) {
        return Optional.of(refusal);
    }
}
