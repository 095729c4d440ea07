package dev.resound.websocket;

import dev.resound.websocket.handshake.Admission;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.OriginPolicy;
import dev.resound.websocket.handshake.Refusal;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
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
    private static final SocketAddress GONE = SocketAddress.inetSocketAddress(0, "0.0.0.0");

    private final Supplier<WebSocketSettings> settings;
    private final BooleanSupplier draining;
    private final Admission admission;
    private final ConnectionObserver observer;
    private final Connections connections = new Connections();

    private WebSocketSettings policySource;
    private OriginPolicy policy;

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
        var place = new Place(addressOf(request));
        var info = new ConnectionInfo(
                Long.toString(IDS.incrementAndGet()),
                Protocol.ECHO,
                peerOf(request).toString(),
                request.getHeader("Origin"));
        Upgrade.accept(request, allocator -> {
                    observer.handshake(HandshakeOutcome.ACCEPTED);
                    return new FrameChannel(
                            frames -> new ConnectionWorker(info, current, observer, place, frames), current, allocator);
                })
                .onFailure(gone -> {
                    place.giveBack();
                    request.connection().close();
                });
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

    private static String addressOf(HttpServerRequest request) {
        return peerOf(request).hostAddress();
    }

    /** A client that has reset its connection since it sent the request has no address any more; its end comes next. */
    private static SocketAddress peerOf(HttpServerRequest request) {
        SocketAddress address = request.remoteAddress();
        return address == null ? GONE : address;
    }

    private static OriginPolicy policyOf(WebSocketSettings settings) {
        return new OriginPolicy(settings.allowedOrigins(), settings.requireOrigin());
    }
}
