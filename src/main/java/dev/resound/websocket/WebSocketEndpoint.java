package dev.resound.websocket;

import dev.resound.websocket.deflate.DeflateTerms;
import dev.resound.websocket.handshake.Admission;
import dev.resound.websocket.handshake.Extension;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.OriginPolicy;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.handshake.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The WebSocket path of one event loop: decides about each handshake, and keeps the connections that it accepted. Only that
 * event loop's thread may call it.
 */
public final class WebSocketEndpoint {

    private static final AtomicLong IDS = new AtomicLong();

    private final Supplier<WebSocketSettings> settings;
    private final BooleanSupplier draining;
    private final Admission admission;
    private final ConnectionObserver observer;
    private final Feed feed;
    private final Connections connections = new Connections();

    private final Derived<OriginRules, OriginPolicy> echoOrigins = new Derived<>(OriginRules::policy);
    private final Derived<OriginRules, OriginPolicy> feedOrigins = new Derived<>(OriginRules::policy);
    private final Derived<List<String>, TrustedProxies> proxies = new Derived<>(TrustedProxies::new);

    private record OriginRules(List<String> allowed, boolean require) {
        OriginPolicy policy() {
            return new OriginPolicy(allowed, require);
        }
    }

    /**
     * @param settings the settings in force; asked for each handshake, so a change holds for new connections
     * @param draining whether new connections are refused because the service shuts down
     * @param admission the limits, shared with the other event loops
     * @param surroundings who is told what happens here, and what connections are told
     */
    public WebSocketEndpoint(
            Supplier<WebSocketSettings> settings,
            BooleanSupplier draining,
            Admission admission,
            Surroundings surroundings) {
        this.settings = settings;
        this.draining = draining;
        this.admission = admission;
        this.observer = surroundings.observer();
        this.feed = surroundings.feed();
    }

    /** The connections that are open here. */
    public Connections connections() {
        return connections;
    }

    /**
     * Upgrades a request, or says why not; then the caller answers it.
     *
     * @param request as it begins: its end must not have been handled yet
     */
    public Optional<Refusal> accept(HttpServerRequest request) {
        if (request.remoteAddress() == null) {
            request.connection().close(); // The client is gone, and nobody would hear a refusal.
            return Optional.empty();
        }
        WebSocketSettings current = settings.get();
        Optional<Subprotocol> subprotocol =
                Subprotocol.choose(request.headers().getAll(Subprotocol.HEADER), feed.enabled());
        Optional<Refusal> refusal = HandshakeRules.check(
                        request.method(), request.uri(), request.version(), request.headers())
                .or(() -> checkOrigin(request, policy(subprotocol, current)))
                .or(() -> draining.getAsBoolean() ? Optional.of(Refusal.draining()) : Optional.empty())
                .or(() -> admit(request, current));
        refusal.ifPresentOrElse(
                refused -> observer.handshake(refused.outcome()), () -> upgrade(request, subprotocol, current));
        return refusal;
    }

    private OriginPolicy policy(Optional<Subprotocol> subprotocol, WebSocketSettings current) {
        return isFeed(subprotocol)
                ? feedOrigins.from(new OriginRules(feed.allowedOrigins(), current.requireOrigin()))
                : echoOrigins.from(new OriginRules(current.allowedOrigins(), current.requireOrigin()));
    }

    private static boolean isFeed(Optional<Subprotocol> subprotocol) {
        return subprotocol.filter(Subprotocol.TELEMETRY::equals).isPresent();
    }

    private static Optional<Refusal> checkOrigin(HttpServerRequest request, OriginPolicy policy) {
        var origins = request.headers().getAll("Origin");
        boolean allowed = origins.size() <= 1 && policy.allows(request.getHeader("Origin"), request.getHeader("Host"));
        return allowed ? Optional.empty() : Optional.of(Refusal.origin());
    }

    private Optional<Refusal> admit(HttpServerRequest request, WebSocketSettings current) {
        boolean admitted =
                admission.tryAcquire(addressOf(request), current.maxConnections(), current.maxConnectionsPerAddress());
        return admitted ? Optional.empty() : Optional.of(Refusal.capacity());
    }

    private void upgrade(HttpServerRequest request, Optional<Subprotocol> subprotocol, WebSocketSettings current) {
        String address = addressOf(request);
        var place = new Place(address);
        var info = new ConnectionInfo(
                Long.toString(IDS.incrementAndGet()),
                isFeed(subprotocol) ? Protocol.TELEMETRY : Protocol.ECHO,
                address.equals(request.remoteAddress().hostAddress())
                        ? request.remoteAddress().toString()
                        : address,
                request.getHeader("Origin"));
        var terms = new ConnectionWorker.Terms(info, current, role(subprotocol));
        subprotocol.ifPresent(chosen -> request.response().putHeader(Subprotocol.HEADER, chosen.token()));
        Optional<DeflateTerms> compression = negotiate(request, current);
        compression.ifPresent(deflate -> request.response().putHeader(HandshakeRules.EXTENSIONS, deflate.header()));
        Upgrade.accept(request, allocator -> {
                    observer.handshake(HandshakeOutcome.ACCEPTED);
                    return new FrameChannel(
                            frames -> new ConnectionWorker(terms, observer, place, frames),
                            current,
                            compression,
                            allocator);
                })
                .onFailure(gone -> {
                    place.giveBack();
                    request.connection().close();
                });
    }

    private Role role(Optional<Subprotocol> subprotocol) {
        return subprotocol
                .map(chosen -> switch (chosen) {
                    case ECHO -> Role.greetedEcho(feed.greeting());
                    case TELEMETRY -> new FeedRole(feed);
                })
                .orElse(Role.ECHO);
    }

    private static Optional<DeflateTerms> negotiate(HttpServerRequest request, WebSocketSettings current) {
        return current.compression()
                ? Extension.parse(request.headers().getAll(HandshakeRules.EXTENSIONS))
                        .flatMap(offers -> DeflateTerms.negotiate(offers, current.deflate()))
                : Optional.empty();
    }

    /** What a connection takes up here, and gives back when it has ended. */
    private final class Place implements ConnectionWorker.Owner {
        private final String address;
        private boolean taken = true;

        Place(String address) {
            this.address = address;
        }

        @Override
        public void opened(ConnectionWorker worker) {
            connections.add(worker);
        }

        @Override
        public void closed(ConnectionWorker worker) {
            connections.remove(worker);
            giveBack();
        }

        /** Once, whatever fails in between. */
        void giveBack() {
            if (taken) {
                taken = false;
                admission.release(address);
            }
        }
    }

    private String addressOf(HttpServerRequest request) {
        return proxies.from(settings.get().trustedProxies())
                .clientOf(
                        request.remoteAddress().hostAddress(), request.headers().getAll("X-Forwarded-For"));
    }
}
