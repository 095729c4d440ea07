package dev.resound;

import dev.resound.config.Configuration;
import dev.resound.config.ConfigurationSources;
import dev.resound.config.ConfigurationWatcher;
import dev.resound.config.LiveConfiguration;
import dev.resound.lifecycle.BuildInfo;
import dev.resound.lifecycle.Lifecycle;
import dev.resound.logging.LogSetup;
import dev.resound.setting.Durations;
import dev.resound.telemetry.Metric;
import dev.resound.transport.Listeners;
import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service: Vert.x on the selected transport, and the main verticle. */
final class Service {

    /** The extra time for an orderly shutdown, in addition to the times in the settings. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Service.class);

    private final ConfigurationSources sources;
    private final Lifecycle lifecycle = new Lifecycle();
    private final CompletableFuture<Running> running = new CompletableFuture<>();

    /** The parts of a service that has started. */
    private record Running(
            Vertx vertx, LiveConfiguration configuration, ConfigurationWatcher watcher, MainVerticle main) {}

    Service(ConfigurationSources sources) {
        this.sources = sources;
    }

    /**
     * Starts the service, and logs its addresses. The process must end if this fails. Vert.x reads the settings, which
     * include the transport: if it differs from the default, Vert.x is replaced.
     *
     * @throws dev.resound.config.InvalidConfiguration if the settings are invalid; no port was opened then
     * @throws dev.resound.lifecycle.StartFailure if something else prevents the start
     */
    void start() {
        Transport usual = Transports.select(TransportChoice.AUTO);
        Vertx vertx = vertx(usual);
        Configuration initial = sources.load(vertx).await();
        LogSetup.apply(initial.logging());
        Transport transport = Transports.select(initial.transport());
        if (!transport.equals(usual)) {
            vertx.close().await();
            vertx = vertx(transport);
        }
        var configuration = new LiveConfiguration(initial);
        var main = new MainVerticle(lifecycle, configuration, eventLoops());
        vertx.deployVerticle(main).await();
        configuration.onChange(() -> main.countReload(Metric.Reload.SETTINGS));
        var watcher = ConfigurationWatcher.start(
                vertx, sources, configuration, () -> main.countRefusal(Metric.Reload.SETTINGS));
        announce(initial, main, transport);
        running.complete(new Running(vertx, configuration, watcher, main));
    }

    /**
     * Abandons a start that is not complete.
     *
     * @return false if the service was already ready, so that {@link #end()} must be called
     */
    boolean abandonStart() {
        return lifecycle.abandonStart();
    }

    private static Vertx vertx(Transport transport) {
        // Only bind addresses are resolved. The JVM can do that; the resolver of Vert.x would delay the start.
        System.setProperty("vertx.disableDnsResolver", "true");
        return Vertx.builder().with(options()).withTransport(transport).build();
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(eventLoops())
                // Otherwise Vert.x would unpack files of the class path to disk.
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
    }

    private static int eventLoops() {
        return Runtime.getRuntime().availableProcessors();
    }

    private static void announce(Configuration initial, MainVerticle main, Transport transport) {
        String host = reachable(initial.http().host());
        log.atInfo()
                .addKeyValue("transport", transport.name())
                .addKeyValue("event-loops", eventLoops())
                .addKeyValue("max-connections", main.maxConnections())
                .addKeyValue("started-in", ManagementFactory.getRuntimeMXBean().getUptime() + "ms")
                .log("Resound {} is ready", BuildInfo.current().version());
        String s = initial.http().tls().on() ? "s" : "";
        log.info("page at http{}://{}:{}/", s, host, main.publicPort());
        log.info(
                "WebSocket at ws{}://{}:{}{}",
                s,
                host,
                main.publicPort(),
                initial.websocket().path());
        log.info(
                "metrics at http://{}:{}/metrics, probes at /livez and /readyz",
                reachable(initial.management().host()),
                main.managementPort());
    }

    /** The host part of a URL that reaches a bound address. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0", "::" -> "localhost";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
    }

    /**
     * Drains and stops the service. Must be called only if the service was ready. Blocks until it has stopped.
     *
     * @return whether everything ended in time
     */
    boolean end() {
        // Readiness is reported shortly before the start is complete.
        if (!completes("the start", running, MARGIN)) {
            return false;
        }
        Running service = running.join();
        Configuration current = service.configuration().get();
        Duration timeout = current.drain()
                .delay()
                .plus(current.drain().period())
                .plus(current.websocket().closingTimeout().multipliedBy(2)) // Dashboards close after all others.
                .plus(MARGIN);
        boolean drained = completes("the drain", service.main().drain(), timeout);
        boolean refusing = completes("closing the listeners", Listeners.close(), MARGIN);
        boolean unwatched =
                completes("closing the configuration watcher", service.watcher().close(), MARGIN);
        boolean closed = completes("closing Vert.x", service.vertx().close(), MARGIN);
        log.info("stopped");
        return drained && refusing && unwatched && closed;
    }

    private static boolean completes(String step, Future<Void> future, Duration timeout) {
        return completes(step, future.toCompletionStage().toCompletableFuture(), timeout);
    }

    private static boolean completes(String step, CompletableFuture<?> future, Duration timeout) {
        try {
            // A timer of Vert.x may fire early.
            future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            log.atError()
                    .addKeyValue("timeout", Durations.format(timeout))
                    .setCause(e)
                    .log("{} failed", step);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
