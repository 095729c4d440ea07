package dev.resound.websocket;

import dev.resound.ip.PeerAddress;
import dev.resound.websocket.handshake.OriginPolicy;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.handshake.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Which origins and whose word hold for which request, as the settings in force have it. For one event loop. */
final class Policies {

    private final Supplier<WebSocketSettings> settings;
    private final Feed feed;

    private final Derived<OriginRules, OriginPolicy> echoOrigins = new Derived<>(OriginRules::policy);
    private final Derived<OriginRules, OriginPolicy> feedOrigins = new Derived<>(OriginRules::policy);
    private final Derived<List<String>, TrustedProxies> proxies = new Derived<>(TrustedProxies::new);

    private record OriginRules(List<String> allowed, boolean require) {
        OriginPolicy policy() {
            return new OriginPolicy(allowed, require);
        }
    }

    Policies(Supplier<WebSocketSettings> settings, Feed feed) {
        this.settings = settings;
        this.feed = feed;
    }

    /** A request together with what holds for it now. */
    Candidate candidate(HttpServerRequest request, PeerAddress peer) {
        WebSocketSettings current = settings.get();
        Optional<Subprotocol> subprotocol =
                Subprotocol.choose(request.headers().getAll(Subprotocol.HEADER), feed.enabled());
        TrustedProxies trusted = proxies.from(current.trustedProxies());
        return new Candidate(
                request,
                current,
                subprotocol,
                origins(subprotocol, current),
                peer,
                trusted.clientOf(peer.ip(), request.headers().getAll("X-Forwarded-For")));
    }

    private OriginPolicy origins(Optional<Subprotocol> subprotocol, WebSocketSettings current) {
        return subprotocol.filter(Subprotocol.TELEMETRY::equals).isPresent()
                ? feedOrigins.from(new OriginRules(feed.allowedOrigins(), current.requireOrigin()))
                : echoOrigins.from(new OriginRules(current.allowedOrigins(), current.requireOrigin()));
    }
}
