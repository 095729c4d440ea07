package dev.resound.websocket;

import dev.resound.ip.IpAddress;
import dev.resound.ip.IpNetwork;
import dev.resound.ip.PeerAddress;
import dev.resound.websocket.handshake.Extension;
import dev.resound.websocket.handshake.Handshake;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.OriginPolicy;
import dev.resound.websocket.handshake.RequestHead;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.protocol.DeflateTerms;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A request that wants to become a WebSocket, and what holds for it.
 *
 * @param subprotocol what is chosen of those that it offers
 * @param origins those that may connect for what it asks for
 * @param peer the other end of its connection
 * @param client the client's address: the peer's, or the one that a trusted proxy forwarded
 */
record Candidate(
        HttpServerRequest request,
        WebSocketSettings settings,
        Optional<Subprotocol> subprotocol,
        OriginPolicy origins,
        PeerAddress peer,
        IpAddress client) {

    /** For the rules to be held against. */
    Handshake handshake(BooleanSupplier draining, BooleanSupplier place) {
        return new Handshake(RequestHead.of(request), origins, draining, place);
    }

    /** What its WebSocket is for. */
    Protocol protocol() {
        return subprotocol.filter(Subprotocol.TELEMETRY::equals).isPresent() ? Protocol.TELEMETRY : Protocol.ECHO;
    }

    /** What the limit per address counts as one client. */
    IpNetwork countedAs() {
        return client.key(settings.ipv6PrefixLength());
    }

    /** The client's address for log and events; with the port only if it is that of the peer. */
    String remoteAddress() {
        return client.equals(peer.ip()) ? peer.toString() : client.toString();
    }

    /** What is accepted of the extensions that it offers. */
    Optional<DeflateTerms> compression() {
        return settings.compression()
                ? Extension.parse(request.headers().getAll(HandshakeRules.EXTENSIONS))
                        .flatMap(offers -> DeflateTerms.negotiate(offers, settings.deflate()))
                : Optional.empty();
    }
}
