package dev.resound.websocket;

import dev.resound.websocket.deflate.DeflateTerms;
import dev.resound.websocket.handshake.Admission;
import dev.resound.websocket.handshake.Handshake;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.handshake.RequestHead;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
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

    private Policies policies;

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
        this.policies = Policies.of(settings.get());
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
        Policies current = policies();
        Optional<Refusal> refusal =
                HandshakeRules.check(handshake(request, current, () -> takePlace(request, current)));
        refusal.ifPresentOrElse(refused -> observer.handshake(refused.outcome()), () -> upgrade(request, current));
        return refusal;
    }

    /**
     * What {@link #accept} would do with a request, and why, where the request asks for that by {@code ?explain} and may; nothing is
     * done and nothing is counted.
     */
    public Optional<JsonObject> explain(HttpServerRequest request) {
        Policies current = policies();
        if (!current.settings().explain() || !Explanation.isWanted(request) || request.remoteAddress() == null) {
            return Optional.empty();
        }
        Handshake handshake = handshake(request, current, () -> hasPlace(request, current));
        return Optional.of(new Explanation(request, handshake, current, admission).toJson());
    }

    private Policies policies() {
        policies = policies.in(settings.get());
        return policies;
    }

    private Handshake handshake(HttpServerRequest request, Policies current, BooleanSupplier place) {
        return new Handshake(RequestHead.of(request), current.origins(), draining, place);
    }

    private boolean takePlace(HttpServerRequest request, Policies current) {
        WebSocketSettings limits = current.settings();
        return admission.tryAcquire(
                current.addressOf(request), limits.maxConnections(), limits.maxConnectionsPerAddress());
    }

    private boolean hasPlace(HttpServerRequest request, Policies current) {
        WebSocketSettings limits = current.settings();
        return admission.hasRoom(
                current.addressOf(request), limits.maxConnections(), limits.maxConnectionsPerAddress());
    }

    private void upgrade(HttpServerRequest request, Policies current) {
        String address = current.addressOf(request);
        var place = new Place(address);
        var info = new ConnectionInfo(
                Long.toString(IDS.incrementAndGet()),
                Protocol.ECHO,
                address.equals(request.remoteAddress().hostAddress())
                        ? request.remoteAddress().toString()
                        : address,
                request.getHeader("Origin"));
        WebSocketSettings settingsNow = current.settings();
        Optional<DeflateTerms> compression = current.compression(request);
        compression.ifPresent(terms -> request.response().putHeader(HandshakeRules.EXTENSIONS, terms.header()));
        Upgrade.accept(request, allocator -> {
                    observer.handshake(HandshakeOutcome.ACCEPTED);
                    return new FrameChannel(
                            frames -> new ConnectionWorker(info, settingsNow, observer, place, frames),
                            settingsNow,
                            compression,
                            allocator);
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
}
