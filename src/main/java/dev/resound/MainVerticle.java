package dev.resound;

import dev.resound.config.Configuration;
import dev.resound.feed.LiveFeed;
import dev.resound.feed.LoopFeed;
import dev.resound.fleet.FleetVerticle;
import dev.resound.http.WebVerticle;
import dev.resound.lifecycle.BuildInfo;
import dev.resound.lifecycle.Lifecycle;
import dev.resound.lifecycle.StartFailure;
import dev.resound.logging.LogSetup;
import dev.resound.management.ManagementVerticle;
import dev.resound.page.StaticAssets;
import dev.resound.telemetry.FleetStatus;
import dev.resound.telemetry.LoopTelemetry;
import dev.resound.telemetry.Metric;
import dev.resound.telemetry.PrometheusMetrics;
import dev.resound.telemetry.ServiceFacts;
import dev.resound.telemetry.TelemetryBus;
import dev.resound.telemetry.TelemetryTotals;
import dev.resound.tls.Certificates;
import dev.resound.transport.Transports;
import dev.resound.websocket.ConnectionLimits;
import dev.resound.websocket.Feed;
import dev.resound.websocket.ServiceMessages;
import dev.resound.websocket.WebSocketEndpoint;
import dev.resound.websocket.handshake.Subprotocol;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The composition root: creates all features, and determines the order in which they start and stop. Management starts
 * first and stops last, so that probes and metrics cover both.
 */
public final class MainVerticle extends VerticleBase {

    private static final long PREPARATION_MILLIS = 50;
    private static final long OVERLOAD_CHECK_MILLIS = 500;

    private final Supplier<Configuration> configuration;
    private final int eventLoops;
    private final Lifecycle lifecycle;
    private final ResourceLimits limits = ResourceLimits.ofProcess();
    private final OverloadGuard overload;
    private final ConnectionLimits connectionLimits;
    private final List<WebVerticle> web = new CopyOnWriteArrayList<>();
    private final Promise<PrometheusMetrics> metrics = Promise.promise();
    private volatile @Nullable TelemetryTotals totals;
    private volatile @Nullable Drain drain;
    private final Optional<FleetStatus> fleetStatus;
    private volatile @Nullable FleetVerticle fleet;
    private volatile int managementPort;

    /**
     * @param lifecycle becomes ready at the end of the start, unless the start was abandoned
     * @param configuration the current configuration
     * @param eventLoops how many event loops serve the public port
     */
    public MainVerticle(Lifecycle lifecycle, Supplier<Configuration> configuration, int eventLoops) {
        this.lifecycle = lifecycle;
        this.configuration = configuration;
        this.eventLoops = eventLoops;
        this.fleetStatus = configuration.get().fleet().on() ? Optional.of(new FleetStatus()) : Optional.empty();
        this.overload = OverloadGuard.ofProcess(() -> vertx.executeBlocking(Executors.callable(System::gc)));
        this.connectionLimits = new ConnectionLimits(this::connectionLimit, overload::isActive);
    }

    /**
     * Returns the configured limit, capped by the file descriptors; if none is configured, the limit that the resources
     * of the process allow.
     */
    private int connectionLimit(int configured) {
        Configuration current = configuration.get();
        return configured == 0
                ? limits.webSockets(
                        current.http().tls().on(),
                        current.websocket().http2(),
                        current.websocket().compression())
                : Math.min(configured, limits.webSocketsByFiles());
    }

    /** The current limit of pending connections per event loop. */
    private int pendingPlaces() {
        int places = overload.isActive() ? ResourceLimits.FEWEST_PENDING : limits.pending(connectionLimits.open());
        return places / eventLoops;
    }

    @Override
    public Future<?> start() {
        Configuration initial = configuration.get();
        // On its own event loop; with another core, the rest starts in parallel.
        Future<?> management = deployManagement(initial);
        return vertx.executeBlocking(() -> load(initial))
                .compose(loaded -> start(initial, Objects.requireNonNull(loaded), management));
    }

    /** The data that is loaded on a worker thread, because reading files and the host's name blocks. */
    private record Loaded(String instance, Optional<Certificates> certificates) {}

    private Loaded load(Configuration initial) {
        return new Loaded(instanceName(initial.instance()), certificates(initial));
    }

    /** The configured name, or the name of the host, which is the pod's name in Kubernetes. */
    static String instanceName(String configured) {
        if (!configured.isEmpty()) {
            return configured;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private Optional<Certificates> certificates(Configuration initial) {
        try {
            return Certificates.load(vertx, initial.http().tls());
        } catch (RuntimeException e) {
            throw new StartFailure("http.tls is no longer usable: " + e.getMessage(), e);
        }
    }

    private Future<?> start(Configuration initial, Loaded loaded, Future<?> management) {
        ServiceFacts facts = facts(loaded.certificates());
        TelemetryBus bus = TelemetryBus.register(vertx);
        drain = new Drain(
                vertx, lifecycle, connectionLimits, () -> configuration.get().drain(), web);
        var assets = new StaticAssets(initial.websocket().path());
        var shared = new WebVerticle.Shared(
                initial.http(),
                loaded.certificates(),
                () -> configuration.get().websocket(),
                lifecycle,
                new WebSocketEndpoint.Shared(
                        connectionLimits,
                        () -> configuration.get().faults().enabled(),
                        loaded.instance(),
                        BuildInfo.current().version()),
                assets::mount,
                this::pendingPlaces,
                overload::isActive);
        LiveFeed.Facts feedFacts = feedFacts(initial, loaded.instance(), facts);
        return TelemetryTotals.start(bus)
                .onSuccess(started -> totals = started)
                .compose(totals -> LiveFeed.start(vertx, bus, totals, feedFacts)
                        .compose(feed -> management
                                .compose(listening ->
                                        deployWeb(shared, bus, () -> messages(feed, fleet(initial, totals, feedFacts))))
                                .onSuccess(id -> {
                                    loaded.certificates()
                                            .ifPresent(watched -> watched.follow(
                                                    options -> web.getFirst()
                                                            .takeUp(options)
                                                            .onSuccess(done -> countReload(Metric.Reload.CERTIFICATES)),
                                                    () -> countRefusal(Metric.Reload.CERTIFICATES)));
                                    lifecycle.moveTo(Lifecycle.State.READY);
                                    prepare(() -> PrometheusMetrics.start(vertx, bus, totals, facts), assets, feed);
                                })));
    }

    /**
     * Prepares what the first scrape, the first page view and the first dashboard need. This takes a third of the
     * start-up time, so it runs after the service is ready; earlier requests wait for it. The delay leaves the first
     * moments to readiness probes.
     */
    private void prepare(Supplier<Future<PrometheusMetrics>> start, StaticAssets assets, LiveFeed feed) {
        vertx.setTimer(PREPARATION_MILLIS, go -> {
            start.get().onComplete(metrics);
            FleetVerticle view = fleet;
            if (view != null) {
                vertx.deployVerticle(view, FleetVerticle.options());
            }
            vertx.setPeriodic(OVERLOAD_CHECK_MILLIS, tick -> overload.check(System.nanoTime()));
            // Unordered: if Vert.x closes while an ordered task waits for another one, a worker thread dies.
            vertx.executeBlocking(
                    () -> {
                        int jars = openClassPath();
                        overload.listen();
                        feed.prepare();
                        assets.prepare();
                        return jars;
                    },
                    false);
        });
    }

    /**
     * Makes the JVM open every jar. Otherwise, without free file descriptors, classes of unopened jars could not be
     * loaded later.
     */
    private static int openClassPath() throws IOException {
        return Collections.list(MainVerticle.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))
                .size();
    }

    private Future<?> deployManagement(Configuration initial) {
        Function<String, Future<String>> source = contentType -> metrics.future()
                .compose(made -> vertx.executeBlocking(() -> made.expose(contentType)))
                .map(Objects::requireNonNull);
        var management = new ManagementVerticle(initial.management(), lifecycle, source);
        return vertx.deployVerticle(management).onSuccess(id -> managementPort = management.actualPort());
    }

    /** The fleet view, if it is on. */
    private synchronized @Nullable FleetVerticle fleet(
            Configuration initial, TelemetryTotals counted, LiveFeed.Facts facts) {
        FleetVerticle known = fleet;
        if (known != null || fleetStatus.isEmpty()) {
            return known;
        }
        var made = new FleetVerticle(
                initial.fleet(), () -> configuration.get().fleet().feed(), counted, facts, fleetStatus.get());
        fleet = made;
        return made;
    }

    private static ServiceMessages messages(LiveFeed feed, @Nullable FleetVerticle fleet) {
        Map<Subprotocol, Feed> feeds = new EnumMap<>(Subprotocol.class);
        feeds.put(Subprotocol.TELEMETRY, new LoopFeed(feed));
        if (fleet != null) {
            feeds.put(Subprotocol.FLEET, new LoopFeed(fleet));
        }
        return new ServiceMessages(feed::helloOfEcho, feeds);
    }

    private Future<?> deployWeb(WebVerticle.Shared shared, TelemetryBus bus, Supplier<ServiceMessages> messages) {
        return vertx.deployVerticle(
                () -> webVerticle(
                        shared,
                        new LoopTelemetry(bus, configuration.get().telemetry().interval(), web.size()),
                        messages.get()),
                new DeploymentOptions().setInstances(eventLoops));
    }

    private ServiceFacts facts(Optional<Certificates> certificates) {
        return new ServiceFacts(
                lifecycle::draining,
                overload::isActive,
                this::maxConnections,
                Transports.nameOf(vertx),
                BuildInfo.current().version(),
                certificates.map(inUse -> inUse::expiry),
                LogSetup::droppedLines,
                fleetStatus);
    }

    private LiveFeed.Facts feedFacts(Configuration initial, String instance, ServiceFacts facts) {
        return new LiveFeed.Facts(
                instance,
                facts,
                initial.telemetry().interval(),
                () -> configuration.get().telemetry().feed(),
                () -> configuration.get().websocket());
    }

    private WebVerticle webVerticle(WebVerticle.Shared shared, LoopTelemetry telemetry, ServiceMessages messages) {
        var instance = new WebVerticle(shared, telemetry, messages);
        web.add(instance);
        return instance;
    }

    /**
     * Drains all connections; see {@link Drain}. Then writes the final totals for the fleet view. Thread-safe and
     * idempotent.
     *
     * @return completes when no connection is left
     */
    public Future<Void> drain() {
        FleetVerticle view = fleet;
        Future<Void> drained = Objects.requireNonNull(drain, "not started").begin();
        return view == null ? drained : drained.compose(none -> publish()).compose(published -> view.end());
    }

    /** Makes the event loops publish what they have counted. */
    private Future<?> publish() {
        return Future.join(web.stream().map(WebVerticle::publish).toList());
    }

    /** Counts a change that took effect. Thread-safe. */
    public void countReload(Metric.Reload kind) {
        Objects.requireNonNull(totals, "not started").increment(Metric.RELOADS, kind);
    }

    /** Counts a refused reload. Thread-safe. */
    public void countRefusal(Metric.Reload kind) {
        Objects.requireNonNull(totals, "not started").increment(Metric.RELOAD_FAILURES, kind);
    }

    /** The limit of open connections, configured or derived from the resources of the process. */
    public int maxConnections() {
        return connectionLimits.limit(configuration.get().websocket().maxConnections());
    }

    /** The port of the page and the WebSocket, once started. */
    public int publicPort() {
        return web.getFirst().actualPort();
    }

    /** The port of the probes and the metrics, once started. */
    public int managementPort() {
        return managementPort;
    }
}
