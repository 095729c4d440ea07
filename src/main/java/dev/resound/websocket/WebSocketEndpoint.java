package dev.resound.websocket;

import dev.resound.websocket.deflate.DeflateTerms;
import dev.resound.websocket.handshake.Admission;
import dev.resound.websocket.handshake.Extension;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.OriginPolicy;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.handshake.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
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
    private final Connections connections = new Connections();

    private WebSocketSettings policySource;
    private OriginPolicy policy;
    private TrustedProxies proxies;

    /**
     * @param settings the settings in force; asked for each handshake, so a change holds for new connections
     * @param draining whether new connections are refused because the service shuts down
     * @param admission the limits, shared with the other event loops
     * @param observer is told what happens here
     */
    public WebSocketEndpoint(
            Supplier<WebSocketSettings> settings,
            BooleanSupplier draining,
            Admission admission,
            ConnectionObserver observer) {
        this.settings = settings;
        this.draining = draining;
        this.admission = admission;
        this.observer = observer;
        this.policySource = settings.get();
        this.policy = policyOf(policySource);
        this.proxies = new TrustedProxies(policySource.trustedProxies());
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
        Optional<Refusal> refusal = HandshakeRules.check(
                        request.method(), request.uri(), request.version(), request.headers())
                .or(() -> checkOrigin(request, current))
                .or(() -> draining.getAsBoolean() ? Optional.of(Refusal.draining()) : Optional.empty())
                .or(() -> admit(request, current));
        refusal.ifPresentOrElse(refused -> observer.handshake(refused.outcome()), () -> upgrade(request, current));
        return refusal;
    }

    private Optional<Refusal> checkOrigin(HttpServerRequest request, WebSocketSettings current) {
        if (!current.equals(policySource)) {
            policySource = current;
            policy = policyOf(current);
            proxies = new TrustedProxies(current.trustedProxies());
        }
        var origins = request.headers().getAll("Origin");
        boolean allowed = origins.size() <= 1 && policy.allows(request.getHeader("Origin"), request.getHeader("Host"));
        return allowed ? Optional.empty() : Optional.of(Refusal.origin());
    }

    private Optional<Refusal> admit(HttpServerRequest request, WebSocketSettings current) {
        boolean admitted =
                admission.tryAcquire(addressOf(request), current.maxConnections(), current.maxConnectionsPerAddress());
        return admitted ? Optional.empty() : Optional.of(Refusal.capacity());
    }

    private void upgrade(HttpServerRequest request, WebSocketSettings current) {
        String address = addressOf(request);
        var place = new Place(address);
        var info = new ConnectionInfo(
                Long.toString(IDS.incrementAndGet()),
                Protocol.ECHO,
                address.equals(request.remoteAddress().hostAddress())
                        ? request.remoteAddress().toString()
                        : address,
                request.getHeader("Origin"));
        Optional<DeflateTerms> compression = negotiate(request, current);
        compression.ifPresent(terms -> request.response().putHeader(HandshakeRules.EXTENSIONS, terms.header()));
        Upgrade.accept(request, allocator -> {
                    observer.handshake(HandshakeOutcome.ACCEPTED);
                    return new FrameChannel(
                            frames -> new ConnectionWorker(info, current, observer, place, frames),
                            current,
                            compression,
                            allocator);
                })
                .onFailure(gone -> {
                    place.giveBack();
                    request.connection().close();
                });
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
        return proxies.clientOf(
                request.remoteAddress().hostAddress(), request.headers().getAll("X-Forwarded-For"));
    }

    private static OriginPolicy policyOf(WebSocketSettings settings) {
        return new OriginPolicy(settings.allowedOrigins(), settings.requireOrigin());
    }
}
