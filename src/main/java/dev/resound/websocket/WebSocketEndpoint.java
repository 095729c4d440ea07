package dev.resound.websocket;

import dev.resound.ip.IpNetwork;
import dev.resound.ip.PeerAddress;
import dev.resound.websocket.fault.Fault;
import dev.resound.websocket.fault.FaultPlan;
import dev.resound.websocket.fault.FaultyConnection;
import dev.resound.websocket.handshake.DeflateNegotiation;
import dev.resound.websocket.handshake.Explanation;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HandshakePolicies;
import dev.resound.websocket.handshake.HandshakeRequest;
import dev.resound.websocket.handshake.HandshakeRules;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.handshake.Refusal;
import dev.resound.websocket.handshake.Room;
import dev.resound.websocket.handshake.ServiceState;
import dev.resound.websocket.handshake.Subprotocol;
import dev.resound.websocket.netty.Upgrade;
import dev.resound.websocket.protocol.Compression;
import dev.resound.websocket.protocol.CompressorPool;
import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.ProtocolSettings;
import dev.resound.websocket.protocol.SubprotocolHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
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

    /** Connections without keep-alive that one client may have open. The page opens fewer at a time. */
    private static final int PROBES_PER_CLIENT = 20;

    /**
     * What the endpoints of all event loops share. Thread-safe.
     *
     * @param limits limits all connections
     * @param probes limits the connections without keep-alive, in addition
     * @param attempts remembers handshakes for {@code ?explain}
     * @param faults whether clients may request faults; may change
     * @param instance the name of this process
     * @param version the version of the service
     */
    public record Shared(
            ConnectionLimits limits,
            ConnectionLimits probes,
            HandshakeAttempts attempts,
            BooleanSupplier faults,
            String instance,
            String version) {

        public Shared(ConnectionLimits limits, BooleanSupplier faults, String instance, String version) {
            this(
                    limits,
                    new ConnectionLimits(configured -> configured, () -> false),
                    new HandshakeAttempts(),
                    faults,
                    instance,
                    version);
        }
    }

    private final Supplier<WebSocketSettings> settings;
    private final BooleanSupplier draining;
    private final Shared shared;
    private final ConnectionLimits limits;
    private final ConnectionObserver observer;
    private final ServiceMessages messages;
    private final Connections connections = new Connections();
    private final CompressorPool compressors = new CompressorPool();

    private @Nullable HandshakePolicies policies;
    /** Those of the newest connection, for the next ones with the same settings. */
    private @Nullable ProtocolSettings protocol;

    /**
     * @param settings the settings in force; read for each handshake, so a change applies to new connections
     * @param draining whether to refuse new connections because the service is shutting down
     * @param shared shared with the other event loops
     * @param observer is notified of every handshake and connection
     * @param messages the feeds, and the greeting of the echo
     */
    public WebSocketEndpoint(
            Supplier<WebSocketSettings> settings,
            BooleanSupplier draining,
            Shared shared,
            ConnectionObserver observer,
            ServiceMessages messages) {
        this.settings = settings;
        this.draining = draining;
        this.shared = shared;
        this.limits = shared.limits();
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
            remember(request, refusal, current);
            refusal.ifPresentOrElse(refused -> refused(request, refused), () -> open(request, upgrade, current));
            return refusal;
        } catch (RuntimeException | Error fault) {
            slot.release();
            throw fault;
        }
    }

    private void refused(HandshakeRequest request, Refusal refusal) {
        if (refusal.outcome() == HandshakeOutcome.FAULT) {
            observer.fault(Fault.REFUSE);
        }
        observer.handshake(request.httpProtocol(), refusal.outcome());
    }

    /** Remembers how a handshake arrived, if the client has given it an identifier in order to ask for that later. */
    private void remember(HandshakeRequest request, Optional<Refusal> refusal, WebSocketSettings current) {
        if (current.explain()) {
            request.attempt()
                    .filter(HandshakeAttempts::isIdentifier)
                    .ifPresent(identifier -> shared.attempts()
                            .add(identifier, Explanation.ofAttempt(request, refusal), System.nanoTime()));
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
                        .map(peer -> explain(new Explanation(policies(current), http, current.http2(), peer), current))
                : Optional.empty();
    }

    private JsonObject explain(Explanation explanation, WebSocketSettings current) {
        HandshakeRequest handshake = explanation.handshake();
        JsonObject json = describe(explanation, new ServiceState(draining, () -> room(handshake, current)), current);
        handshake.attempt().ifPresent(identifier -> json.put("attempt", attempt(identifier)));
        return json;
    }

    /** The first message of {@link Subprotocol#WHOAMI}. */
    private byte[] whoami(HandshakeRequest request, WebSocketSettings current) {
        // The handshake is accepted and has its place.
        var service = new ServiceState(() -> false, () -> Room.AVAILABLE);
        return new JsonObject()
                .put("type", "whoami")
                .mergeIn(describe(new Explanation(request), service, current))
                .encode()
                .getBytes(StandardCharsets.UTF_8);
    }

    private JsonObject describe(Explanation explanation, ServiceState service, WebSocketSettings current) {
        HandshakeRequest handshake = explanation.handshake();
        ProtocolSettings protocol = current.protocol(handshake.options().keepAlive());
        JsonObject explained = explanation.toJson(service);
        // The verdict comes first: it is what people look for.
        return new JsonObject()
                .put("verdict", explained.getJsonObject("verdict"))
                .put("instance", shared.instance())
                .put("version", shared.version())
                .mergeIn(explained)
                .put("capacity", capacity(handshake.countedAs(), current))
                .put("draining", draining.getAsBoolean())
                .put(
                        "keepAlive",
                        new JsonObject()
                                .put("interval", seconds(protocol.keepAliveInterval()))
                                .put("idleTimeout", seconds(protocol.idleTimeout())));
    }

    private JsonObject attempt(String identifier) {
        Optional<JsonObject> found = shared.attempts().find(identifier, System.nanoTime());
        return new JsonObject().put("arrived", found.isPresent()).mergeIn(found.orElseGet(JsonObject::new));
    }

    /** Whether one more connection may open; reserves nothing. */
    private Room room(HandshakeRequest handshake, WebSocketSettings current) {
        IpNetwork client = handshake.countedAs();
        Room room = limits.room(client, current.maxConnections(), current.maxConnectionsPerAddress());
        if (room != Room.AVAILABLE || handshake.options().keepAlive()) {
            return room;
        }
        boolean free = shared.probes().room(client, current.maxProbes(), PROBES_PER_CLIENT) == Room.AVAILABLE;
        return free ? Room.AVAILABLE : Room.FULL_FOR_PROBES;
    }

    private JsonObject capacity(IpNetwork client, WebSocketSettings current) {
        return new JsonObject()
                .put("open", limits.open())
                .put("limit", limits.limit(current.maxConnections()))
                .put("openFromClient", limits.openFrom(client))
                .put("countedAs", client.toString())
                .put("limitPerAddress", current.maxConnectionsPerAddress())
                .put(
                        "probes",
                        new JsonObject()
                                .put("open", shared.probes().open())
                                .put("limit", current.maxProbes())
                                .put("openFromClient", shared.probes().openFrom(client))
                                .put("limitPerAddress", PROBES_PER_CLIENT));
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
        HandshakePolicies inForce = HandshakePolicies.of(
                current.handshake(feedOrigins, shared.faults().getAsBoolean()), policies);
        policies = inForce;
        return inForce;
    }

    /** Replaces settings by an equal object that other connections use. */
    private ProtocolSettings reused(ProtocolSettings settings) {
        ProtocolSettings newest = protocol;
        if (newest == null || !newest.equals(settings)) {
            newest = settings;
            protocol = newest;
        }
        return newest;
    }

    private void open(HandshakeRequest request, Upgrade upgrade, WebSocketSettings current) {
        var info = new ConnectionInfo(
                Long.toString(IDS.incrementAndGet()),
                request.kind(),
                request.httpProtocol(),
                request.remoteAddress(),
                request.origin().orElse(null));
        if (!request.options().keepAlive()) {
            observer.probe();
        }
        ProtocolSettings settings = reused(current.protocol(request.options().keepAlive()));
        SubprotocolHandler handler = handler(request, current);
        HttpServerResponse response = request.http().response();
        request.subprotocol().ifPresent(chosen -> response.putHeader(Subprotocol.HEADER, chosen.token()));
        Optional<Compression> compression = request.compression().map(accepted -> {
            response.putHeader(DeflateNegotiation.HEADER, accepted.responseHeader());
            return new Compression(accepted.parameters(), compressors);
        });
        var recorder = new ConnectionRecorder(info, observer, connections);
        FaultPlan faults = request.options().faults();
        faults.faults().forEach(observer::fault);
        upgrade.accept(transport -> faults.isEmpty()
                ? new Connection(transport, settings, compression, handler, observer, recorder)
                : FaultyConnection.create(
                        faults,
                        transport,
                        handler,
                        recorder,
                        (faulty, handling, listener) ->
                                new Connection(faulty, settings, compression, handling, observer, listener)));
    }

    private SubprotocolHandler handler(HandshakeRequest request, WebSocketSettings current) {
        SubprotocolHandler handler = request.subprotocol()
                .map(chosen -> switch (chosen) {
                    case ECHO ->
                        SubprotocolHandler.echoAfter(messages.greeting().apply(request.httpProtocol()));
                    case WHOAMI -> SubprotocolHandler.echoAfter(whoami(request, current));
                    case TELEMETRY, FLEET ->
                        new FeedHandler(
                                Objects.requireNonNull(messages.feeds().get(chosen)),
                                request.options().keepAlive(),
                                observer::feedRoundTrip);
                })
                .orElse(SubprotocolHandler.ECHO);
        return request.options().echo() ? handler : handler.withoutEcho();
    }

    /**
     * The place of a connection within the limits. It is released when the TCP connection or the HTTP/2 stream closes,
     * whether or not the upgrade succeeds.
     */
    private final class Slot {

        private @Nullable IpNetwork client;
        private @Nullable IpNetwork probe;

        Room tryAcquire(HandshakeRequest request, Upgrade upgrade, WebSocketSettings current) {
            IpNetwork counted = request.countedAs();
            Room room = limits.tryAcquire(counted, current.maxConnections(), current.maxConnectionsPerAddress());
            if (room != Room.AVAILABLE) {
                return room;
            }
            client = counted;
            upgrade.onClose(this::release);
            if (request.options().keepAlive()) {
                return room;
            }
            if (shared.probes().tryAcquire(counted, current.maxProbes(), PROBES_PER_CLIENT) != Room.AVAILABLE) {
                release();
                return Room.FULL_FOR_PROBES;
            }
            probe = counted;
            return room;
        }

        /** Releases the places; further calls do nothing. */
        void release() {
            IpNetwork held = client;
            if (held != null) {
                client = null;
                limits.release(held);
            }
            IpNetwork heldProbe = probe;
            if (heldProbe != null) {
                probe = null;
                shared.probes().release(heldProbe);
            }
        }
    }
}
