package dev.resound.websocket;

import dev.resound.websocket.deflate.DeflateTerms;
import dev.resound.websocket.handshake.Extension;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.OriginPolicy;
import dev.resound.websocket.handshake.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * How handshakes are judged as long as the settings stay what they are.
 *
 * @param settings what the others follow from
 */
record Policies(WebSocketSettings settings, OriginPolicy origins, TrustedProxies proxies) {

    static Policies of(WebSocketSettings settings) {
        return new Policies(
                settings,
                new OriginPolicy(settings.allowedOrigins(), settings.requireOrigin()),
                new TrustedProxies(settings.trustedProxies()));
    }

    /** These, or where other settings are in force now, those that follow from them. */
    Policies in(WebSocketSettings now) {
        return now.equals(settings) ? this : of(now);
    }

    /** The client's IP address: the peer's, or as a trusted proxy told it. */
    String addressOf(HttpServerRequest request) {
        return proxies.clientOf(
                request.remoteAddress().hostAddress(), request.headers().getAll("X-Forwarded-For"));
    }

    /** What is accepted of the extensions that a request offers. */
    Optional<DeflateTerms> compression(HttpServerRequest request) {
        return settings.compression()
                ? Extension.parse(request.headers().getAll(HandshakeRules.EXTENSIONS))
                        .flatMap(offers -> DeflateTerms.negotiate(offers, settings.deflate()))
                : Optional.empty();
    }
}
