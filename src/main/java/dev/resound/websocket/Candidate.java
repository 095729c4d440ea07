package dev.resound.websocket;

import dev.resound.websocket.deflate.DeflateTerms;
import dev.resound.websocket.handshake.Extension;
import dev.resound.websocket.handshake.Handshake;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.OriginPolicy;
import dev.resound.websocket.handshake.RequestHead;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.handshake.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A request that wants to become a WebSocket, and what holds for it.
 *
 * @param subprotocol what is chosen of those that it offers
 * @param origins those that may connect for what it asks for
 */
record Candidate(
        HttpServerRequest request,
        WebSocketSettings settings,
        Optional<Subprotocol> subprotocol,
        OriginPolicy origins,
        TrustedProxies proxies) {

    /** For the rules to be held against. */
    Handshake handshake(BooleanSupplier draining, BooleanSupplier place) {
        return new Handshake(RequestHead.of(request), origins, draining, place);
    }

    /** What its WebSocket is for. */
    Protocol protocol() {
        return subprotocol.filter(Subprotocol.TELEMETRY::equals).isPresent() ? Protocol.TELEMETRY : Protocol.ECHO;
    }

    /** The client's IP address: the peer's, or as a trusted proxy told it. */
    String address() {
        return proxies.clientOf(
                request.remoteAddress().hostAddress(), request.headers().getAll("X-Forwarded-For"));
    }

    /** What is accepted of the extensions that it offers. */
    Optional<DeflateTerms> compression() {
        return settings.compression()
                ? Extension.parse(request.headers().getAll(HandshakeRules.EXTENSIONS))
                        .flatMap(offers -> DeflateTerms.negotiate(offers, settings.deflate()))
                : Optional.empty();
    }
}
