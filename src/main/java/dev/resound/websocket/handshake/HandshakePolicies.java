package dev.resound.websocket.handshake;

import dev.resound.ip.PeerAddress;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The origin policies and trusted proxies that the settings define. Immutable, and reused until the settings change.
 */
public final class HandshakePolicies {

    private final HandshakeSettings settings;
    private final OriginPolicy echoOrigins;
    private final Map<Subprotocol, OriginPolicy> feedOrigins = new EnumMap<>(Subprotocol.class);
    private final TrustedProxies proxies;

    HandshakePolicies(HandshakeSettings settings) {
        this.settings = settings;
        this.echoOrigins = new OriginPolicy(settings.allowedOrigins(), settings.requireOrigin());
        settings.feedOrigins()
                .forEach((feed, allowed) -> feedOrigins.put(feed, new OriginPolicy(allowed, settings.requireOrigin())));
        this.proxies = new TrustedProxies(settings.trustedProxies());
    }

    /**
     * Returns the policies for the settings in force.
     *
     * @param last the policies of the last request, returned again if the settings have not changed
     */
    public static HandshakePolicies of(HandshakeSettings current, @Nullable HandshakePolicies last) {
        return last != null && last.settings.equals(current) ? last : new HandshakePolicies(current);
    }

    /**
     * Applies the policies to a request.
     *
     * @param extendedConnect whether it is an extended CONNECT of HTTP/2
     */
    public HandshakeRequest apply(HttpServerRequest http, boolean extendedConnect, PeerAddress peer) {
        return apply(http, http.headers(), http.version(), extendedConnect, peer);
    }

    /** Applies the policies to a request as if it had these headers and this version of HTTP. */
    HandshakeRequest apply(
            HttpServerRequest http, MultiMap headers, HttpVersion version, boolean extendedConnect, PeerAddress peer) {
        Optional<Subprotocol> subprotocol = Subprotocol.choose(headers.getAll(Subprotocol.HEADER), settings);
        return new HandshakeRequest(
                http,
                headers,
                version,
                extendedConnect,
                settings,
                subprotocol,
                subprotocol.map(feedOrigins::get).orElse(echoOrigins),
                HandshakeOptions.parse(HandshakeQuery.parse(http.query()), settings),
                peer,
                proxies.clientOf(peer.ip(), headers.getAll("X-Forwarded-For")));
    }
}
