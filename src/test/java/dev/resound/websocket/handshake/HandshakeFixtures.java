package dev.resound.websocket.handshake;

import dev.resound.ip.IpAddress;
import dev.resound.ip.PeerAddress;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Handshake requests without a socket. */
final class HandshakeFixtures {

    /** Settings that allow everything. */
    static final HandshakeSettings PERMISSIVE = new HandshakeSettings(
            List.of(),
            Map.of(Subprotocol.TELEMETRY, List.of()),
            false,
            List.of(),
            64,
            true,
            true,
            true,
            Optional.empty());

    static final ServiceState READY = new ServiceState(() -> false, () -> Room.AVAILABLE);

    private HandshakeFixtures() {}

    static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    /** The headers of a browser's handshake, without {@code Origin}. */
    static MultiMap validHeaders() {
        return headers(
                "Host", "localhost",
                "Upgrade", "websocket",
                "Connection", "Upgrade",
                "Sec-WebSocket-Version", "13",
                "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    }

    static HandshakeRequest get(MultiMap headers) {
        return request(HttpMethod.GET, "/ws", HttpVersion.HTTP_1_1, headers);
    }

    static HandshakeRequest request(HttpMethod method, String target, HttpVersion version, MultiMap headers) {
        return request(PERMISSIVE, "192.0.2.1", http(method, target, version, headers));
    }

    static HandshakeRequest request(HandshakeSettings settings, String peer, HttpServerRequest http) {
        return HandshakePolicies.of(settings, null).apply(http, false, peer(peer));
    }

    static HandshakeRequest request(HandshakeSettings settings, MultiMap headers) {
        return request(settings, "192.0.2.1", http(headers));
    }

    static PeerAddress peer(String address) {
        return new PeerAddress(IpAddress.parse(address).orElseThrow(), 4711);
    }

    static HttpServerRequest http(MultiMap headers) {
        return http(HttpMethod.GET, "/ws", HttpVersion.HTTP_1_1, headers);
    }

    static HttpServerRequest http(HttpMethod method, String target, HttpVersion version, MultiMap headers) {
        return (HttpServerRequest) Proxy.newProxyInstance(
                HandshakeFixtures.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, called, arguments) -> switch (called.getName()) {
                    case "method" -> method;
                    case "uri" -> target;
                    case "query" -> target.contains("?") ? target.substring(target.indexOf('?') + 1) : null;
                    case "version" -> version;
                    case "headers" -> headers;
                    case "isSSL" -> true;
                    default -> throw new UnsupportedOperationException(called.toString());
                });
    }
}
