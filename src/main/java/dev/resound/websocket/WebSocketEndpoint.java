package dev.resound.websocket;

import dev.resound.ip.IpNetwork;
import dev.resound.ip.PeerAddress;
import dev.resound.websocket.handshake.Admission;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.handshake.RequestHead;
import dev.resound.websocket.handshake.ShownHeaders;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.netty.Http1Upgrade;
import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.ConnectionListener;
import dev.resound.websocket.protocol.DeflateTerms;
import dev.resound.websocket.protocol.ProtocolSettings;
import dev.resound.websocket.protocol.SubprotocolHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
        Optional<PeerAddress> peer = PeerAddress.of(request.connection());
        if (peer.isEmpty()) {
            request.connection().close(); // The client is gone, and nobody would read a refusal.
            return Optional.empty();
        }
        var slot = new Slot();
        try {
            Candidate candidate = policies.candidate(request, peer.get());
            Optional<Refusal> refusal = HandshakeRules.check(candidate.handshake(draining, () -> slot.take(candidate)));
            refusal.ifPresentOrElse(refused -> observer.handshake(refused.outcome()), () -> upgrade(candidate));
            return refusal;
        } catch (RuntimeException | Error fault) {
            slot.giveBack();
            throw fault;
        }
    }

    /** Counts a request for the WebSocket path that was answered without {@link #accept}, or because it failed. */
    public void answered(HandshakeOutcome outcome) {
        observer.handshake(outcome);
    }

    /**
     * What {@link #accept} would do with a request, and why, where the request asks for that by {@code ?explain} and may; nothing is
     * done and nothing is counted.
     */
    public Optional<JsonObject> explain(HttpServerRequest request) {
        return Explanation.isWanted(request)
                ? PeerAddress.of(request.connection())
                        .map(peer -> policies.candidate(request, peer))
                        .filter(candidate -> candidate.settings().explain())
                        .map(candidate -> new Explanation(
                                        candidate, candidate.handshake(draining, () -> hasRoom(candidate)), admission)
                                .toJson())
                : Optional.empty();
    }

    private boolean hasRoom(Candidate candidate) {
        WebSocketSettings limits = candidate.settings();
        return admission.hasRoom(candidate.countedAs(), limits.maxConnections(), limits.maxConnectionsPerAddress());
    }

    private void upgrade(Candidate candidate) {
        HttpServerRequest request = candidate.request();
        var info = new ConnectionInfo(
                Long.toString(IDS.incrementAndGet()),
                candidate.protocol(),
                candidate.remoteAddress(),
                ShownHeaders.value(RequestHead.of(request), "Origin").orElse(null));
        ProtocolSettings settings = candidate.settings().protocol();
        SubprotocolHandler handler = handler(candidate.subprotocol());
        candidate.subprotocol().ifPresent(chosen -> request.response().putHeader(Subprotocol.HEADER, chosen.token()));
        Optional<DeflateTerms> compression = candidate.compression();
        compression.ifPresent(deflate -> request.response().putHeader(HandshakeRules.EXTENSIONS, deflate.header()));
        Http1Upgrade.accept(
                request,
                transport -> new Connection(transport, settings, compression, handler, observer, new Recorder(info)));
    }

    private SubprotocolHandler handler(Optional<Subprotocol> subprotocol) {
        return subprotocol
                .map(chosen -> switch (chosen) {
                    case ECHO -> SubprotocolHandler.echoAfter(feed.greeting());
                    case TELEMETRY -> new FeedHandler(feed);
                })
                .orElse(SubprotocolHandler.ECHO);
    }

    /** Enters a connection in the log, the metrics and the open connections. */
    private final class Recorder implements ConnectionListener {

        private final ConnectionInfo info;

        Recorder(ConnectionInfo info) {
            this.info = info;
        }

        /** Only now the handshake counts as accepted, so that accepted connections are open or closed at any time. */
        @Override
        public void opened(Connection connection) {
            observer.handshake(HandshakeOutcome.ACCEPTED);
            observer.opened(info);
            ConnectionLog.opened(info);
            connections.add(info.protocol(), connection);
        }

        @Override
        public void failed(Throwable fault) {
            ConnectionLog.failed(info, fault);
        }

        @Override
        public void closed(Connection connection, ConnectionEnd end) {
            try {
                observer.closed(info, end);
                ConnectionLog.closed(info, end);
            } finally {
                connections.remove(info.protocol(), connection);
            }
        }
    }

    /** A connection's share of the limits. It is returned when the TCP connection closes, whatever becomes of the upgrade. */
    private final class Slot {

        private @Nullable IpNetwork client;

        boolean take(Candidate candidate) {
            WebSocketSettings limits = candidate.settings();
            IpNetwork counted = candidate.countedAs();
            if (!admission.tryAcquire(counted, limits.maxConnections(), limits.maxConnectionsPerAddress())) {
                return false;
            }
            client = counted;
            Http1Upgrade.onClose(candidate.request(), this::giveBack);
            return true;
        }

        /** Once, however often it is called. */
        void giveBack() {
            IpNetwork taken = client;
            if (taken != null) {
                client = null;
                admission.release(taken);
            }
        }
    }
}
