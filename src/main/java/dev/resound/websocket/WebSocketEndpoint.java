package dev.resound.websocket;

import dev.resound.websocket.deflate.DeflateTerms;
import dev.resound.websocket.handshake.Admission;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.handshake.Subprotocol;
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

    private final Policies policies;
    private final BooleanSupplier draining;
    private final Admission admission;
    private final ConnectionObserver observer;
    private final Feed feed;
    private final Connections connections = new Connections();

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
        this.policies = new Policies(settings, surroundings.feed());
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
        Candidate candidate = policies.candidate(request);
        Optional<Refusal> refusal = HandshakeRules.check(candidate.handshake(draining, () -> takePlace(candidate)));
        refusal.ifPresentOrElse(refused -> observer.handshake(refused.outcome()), () -> upgrade(candidate));
        return refusal;
    }

    /**
     * What {@link #accept} would do with a request, and why, where the request asks for that by {@code ?explain} and may; nothing is
     * done and nothing is counted.
     */
    public Optional<JsonObject> explain(HttpServerRequest request) {
        if (!Explanation.isWanted(request) || request.remoteAddress() == null) {
            return Optional.empty();
        }
        Candidate candidate = policies.candidate(request);
        return candidate.settings().explain()
                ? Optional.of(
                        new Explanation(candidate, candidate.handshake(draining, () -> hasPlace(candidate)), admission)
                                .toJson())
                : Optional.empty();
    }

    private boolean takePlace(Candidate candidate) {
        WebSocketSettings limits = candidate.settings();
        return admission.tryAcquire(candidate.address(), limits.maxConnections(), limits.maxConnectionsPerAddress());
    }

    private boolean hasPlace(Candidate candidate) {
        WebSocketSettings limits = candidate.settings();
        return admission.hasRoom(candidate.address(), limits.maxConnections(), limits.maxConnectionsPerAddress());
    }

    private void upgrade(Candidate candidate) {
        HttpServerRequest request = candidate.request();
        String address = candidate.address();
        var place = new Place(address);
        var info = new ConnectionInfo(
                Long.toString(IDS.incrementAndGet()),
                candidate.protocol(),
                address.equals(request.remoteAddress().hostAddress())
                        ? request.remoteAddress().toString()
                        : address,
                request.getHeader("Origin"));
        var terms = new ConnectionWorker.Terms(info, candidate.settings(), role(candidate.subprotocol()));
        candidate.subprotocol().ifPresent(chosen -> request.response().putHeader(Subprotocol.HEADER, chosen.token()));
        Optional<DeflateTerms> compression = candidate.compression();
        compression.ifPresent(deflate -> request.response().putHeader(HandshakeRules.EXTENSIONS, deflate.header()));
        Upgrade.accept(request, allocator -> {
                    observer.handshake(HandshakeOutcome.ACCEPTED);
                    return new FrameChannel(
                            frames -> new ConnectionWorker(terms, observer, place, frames),
                            candidate.settings(),
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
