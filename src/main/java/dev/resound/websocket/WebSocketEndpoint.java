package dev.resound.websocket;

import dev.resound.ip.IpNetwork;
import dev.resound.ip.PeerAddress;
import dev.resound.websocket.handshake.DeflateNegotiation;
import dev.resound.websocket.handshake.Explanation;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HandshakePolicies;
import dev.resound.websocket.handshake.HandshakeRequest;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.handshake.ServiceState;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.netty.Upgrade;
import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.DeflateParameters;
import dev.resound.websocket.protocol.ProtocolSettings;
import dev.resound.websocket.protocol.SubprotocolHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket path of one event loop: accepts or refuses handshakes, and holds the accepted connections. Call it only
 * on that event loop.
 */
public final class WebSocketEndpoint {

    private static final AtomicLong IDS = new AtomicLong();
    private static final double NANOS = 1e9;

    private final Supplier<WebSocketSettings> settings;
    private final BooleanSupplier draining;
    private final ConnectionLimits limits;
    private final ConnectionObserver observer;
    private final ServiceMessages messages;
    private final Connections connections = new Connections();

    private @Nullable HandshakePolicies policies;

    /**
     * @param settings the settings in force; read for each handshake, so a change applies to new connections
     * @param draining whether to refuse new connections because the service is shutting down
     * @param limits shared with the other event loops
     * @param observer is notified of every handshake and connection
     * @param messages the feeds, and the greeting of the echo
     */
    public WebSocketEndpoint(
            Supplier<WebSocketSettings> settings,
            BooleanSupplier draining,
            ConnectionLimits limits,
            ConnectionObserver observer,
            ServiceMessages messages) {
        this.settings = settings;
        this.draining = draining;
        this.limits = limits;
        this.observer = observer;
        this.messages = messages;
    }

    /** The open connections of this event loop. */
    public Connections connections() {
        return connections;
    }

    /**
     * Upgrades a request, or returns the refusal with which the caller must respond.
     *
     * @param http must not have ended yet
     */
    public Optional<Refusal> accept(HttpServerRequest http) {
        Optional<PeerAddress> peer = PeerAddress.of(http.connection());
        if (peer.isEmpty()) {
            http.connection().close(); // The client has disconnected and cannot read a response.
            return Optional.empty();
        }
        var slot = new Slot();
        try {
            WebSocketSettings current = settings.get();
            Upgrade upgrade = Upgrade.of(http);
            HandshakeRequest request = policies(current).apply(http, upgrade.isExtendedConnect(), peer.get());
            Optional<Refusal> refusal = HandshakeRules.check(
                    request, new ServiceState(draining, () -> slot.tryAcquire(request, upgrade, current)));
            refusal.ifPresentOrElse(
                    refused -> observer.handshake(request.httpProtocol(), refused.outcome()),
                    () -> open(request, upgrade, current));
            return refusal;
        } catch (RuntimeException | Error fault) {
            slot.release();
            throw fault;
        }
    }

    /** Counts a request for the WebSocket path that {@link #accept} did not answer, or on which it failed. */
    public void answered(HttpProtocol http, HandshakeOutcome outcome) {
        observer.handshake(http, outcome);
    }

    /**
     * Explains what {@link #accept} would do with a request. Changes nothing and counts nothing.
     *
     * @return empty if the request does not ask for it, if {@code websocket.explain} is off, or for an extended CONNECT:
     *     its client would take the response for a WebSocket
     */
    public Optional<JsonObject> explain(HttpServerRequest http) {
        WebSocketSettings current = settings.get();
        return current.explain()
                        && Explanation.isWanted(http)
                        && !Upgrade.of(http).isExtendedConnect()
                ? PeerAddress.of(http.connection())
                        // Over HTTP/2, a script cannot send an extended CONNECT, so its GET stands for one.
                        .map(peer -> explain(
                                policies(current)
                                        .apply(http, current.http2() && http.version() == HttpVersion.HTTP_2, peer),
                                current))
                : Optional.empty();
    }

    private JsonObject explain(HandshakeRequest request, WebSocketSettings current) {
        var service = new ServiceState(
                draining,
                () -> limits.hasRoom(
                        request.countedAs(), current.maxConnections(), current.maxConnectionsPerAddress()));
        return new Explanation(request, service)
                .toJson()
                .put("capacity", capacity(request.countedAs(), current))
                .put("draining", draining.getAsBoolean())
                .put(
                        "keepAlive",
                        new JsonObject()
                                .put("interval", seconds(current.keepAliveInterval()))
                                .put("idleTimeout", seconds(current.idleTimeout())));
    }

    private JsonObject capacity(IpNetwork client, WebSocketSettings current) {
        return new JsonObject()
                .put("open", limits.open())
                .put("limit", limits.limit(current.maxConnections()))
                .put("openFromClient", limits.openFrom(client))
                .put("countedAs", client.toString())
                .put("limitPerAddress", current.maxConnectionsPerAddress());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }

    private HandshakePolicies policies(WebSocketSettings current) {
        Map<Subprotocol, List<String>> feedOrigins = new EnumMap<>(Subprotocol.class);
        messages.feeds().forEach((subprotocol, feed) -> {
            if (feed.enabled()) {
                feedOrigins.put(subprotocol, feed.allowedOrigins());
            }
        });
        HandshakePolicies inForce = HandshakePolicies.of(current.handshake(feedOrigins), policies);
        policies = inForce;
        return inForce;
    }

    private void open(HandshakeRequest request, Upgrade upgrade, WebSocketSettings current) {
        var info = new ConnectionInfo(
                Long.toString(IDS.incrementAndGet()),
                request.kind(),
                request.httpProtocol(),
                request.remoteAddress(),
                request.origin().orElse(null));
        ProtocolSettings settings = current.protocol();
        SubprotocolHandler handler = handler(request);
        HttpServerResponse response = request.http().response();
        request.subprotocol().ifPresent(chosen -> response.putHeader(Subprotocol.HEADER, chosen.token()));
        Optional<DeflateNegotiation> compression = request.compression();
        compression.ifPresent(accepted -> response.putHeader(DeflateNegotiation.HEADER, accepted.responseHeader()));
        Optional<DeflateParameters> parameters = compression.map(DeflateNegotiation::parameters);
        var recorder = new ConnectionRecorder(info, observer, connections);
        upgrade.accept(transport -> new Connection(transport, settings, parameters, handler, observer, recorder));
    }

    private SubprotocolHandler handler(HandshakeRequest request) {
        return request.subprotocol()
                .map(chosen -> switch (chosen) {
                    case ECHO ->
                        SubprotocolHandler.echoAfter(messages.greeting().apply(request.httpProtocol()));
                    case TELEMETRY, FLEET ->
                        new FeedHandler(Objects.requireNonNull(messages.feeds().get(chosen)), observer::feedRoundTrip);
                })
                .orElse(SubprotocolHandler.ECHO);
    }

    /**
     * The place of a connection within the limits. It is released when the TCP connection or the HTTP/2 stream closes,
     * whether or not the upgrade succeeds.
     */
    private final class Slot {

        private @Nullable IpNetwork client;

        boolean tryAcquire(HandshakeRequest request, Upgrade upgrade, WebSocketSettings current) {
            IpNetwork counted = request.countedAs();
            if (!limits.tryAcquire(counted, current.maxConnections(), current.maxConnectionsPerAddress())) {
                return false;
            }
            client = counted;
            upgrade.onClose(this::release);
            return true;
        }

        /** Releases the place; further calls do nothing. */
        void release() {
            IpNetwork held = client;
            if (held != null) {
                client = null;
                limits.release(held);
            }
        }
    }
}
