package dev.resound;

import dev.resound.config.Configuration;
import dev.resound.config.ConfigurationLoader;
import dev.resound.config.ConfigurationSources;
import dev.resound.config.ConfigurationWatcher;
import dev.resound.config.LiveConfiguration;
import dev.resound.lifecycle.BuildInfo;
import dev.resound.logging.LogSetup;
import dev.resound.setting.Durations;
import dev.resound.telemetry.Reload;
import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service: Vert.x on the transport that was chosen, the main verticle in it, and the end of both. */
final class Service {

    /** What an orderly end may take beyond the time that the settings grant. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(Service.class);

    private final Vertx vertx;
    private final LiveConfiguration configuration;
    private final ConfigurationWatcher watcher;
    private final MainVerticle main;

    private Service(Vertx vertx, LiveConfiguration configuration, ConfigurationWatcher watcher, MainVerticle main) {
        this.vertx = vertx;
        this.configuration = configuration;
        this.watcher = watcher;
        this.main = main;
    }

    /**
     * Starts it, and says where it listens. A transport is for a whole Vert.x, and it is a setting that a Vert.x reads: so the
     * usual one reads it, and makes way for another one where that is asked for.
     *
     * @throws dev.resound.config.InvalidConfiguration if the settings are wrong; nothing has listened then
     * @throws dev.resound.lifecycle.StartFailure if something else is in the way; nothing listens any more then
     */
    static Service start(ConfigurationSources sources) {
        Transport usual = Transports.select(TransportChoice.AUTO);
        Vertx vertx = vertx(usual);
        try {
            Configuration initial =
                    new ConfigurationLoader(vertx, sources).load().await();
            LogSetup.apply(initial.logging());
            Transport transport = Transports.select(initial.transport());
            if (!transport.equals(usual)) {
                vertx.close().await();
                vertx = vertx(transport);
            }
            var configuration = new LiveConfiguration(initial);
            var main = new MainVerticle(configuration, eventLoops());
            vertx.deployVerticle(main).await();
            var watcher =
                    ConfigurationWatcher.start(vertx, sources, configuration, () -> main.countRefusal(Reload.SETTINGS));
            announce(initial, main, transport);
            return new Service(vertx, configuration, watcher, main);
        } catch (RuntimeException e) {
            vertx.close().await();
            throw e;
        }
    }

    private static Vertx vertx(Transport transport) {
        // Nothing is looked up here but an address to bind, which the JVM does as well, and Vert.x's own way takes time
        // to start.
        System.setProperty("vertx.disableDnsResolver", "true");
        return Vertx.builder().with(options()).withTransport(transport).build();
    }

    private static VertxOptions options() {
        return new VertxOptions()
                .setEventLoopPoolSize(eventLoops())
                // Vert.x would unpack what is on the class path to a directory of its own.
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

    /** What to type to reach an address that was bound. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0", "::" -> "localhost";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
    }

    /**
     * Drains and ends it; blocks until that is done.
     *
     * @return whether it went as the settings want it
     */
    boolean end() {
        Configuration current = configuration.get();
        Duration patience = current.drain()
                .delay()
                .plus(current.drain().period())
                .plus(current.websocket().closingTimeout())
                .plus(MARGIN);
        boolean drained = completes("the drain", main.drain(), patience);
        boolean unwatched = completes("the end of the configuration's watch", watcher.close(), MARGIN);
        boolean closed = completes("the stop", vertx.close(), MARGIN);
        log.info("stopped");
        return drained && unwatched && closed;
    }

    private static boolean completes(String step, Future<Void> future, Duration patience) {
        try {
            // Not a timer of Vert.x, which may have ended before it is due.
            future.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            log.atError()
                    .addKeyValue("patience", Durations.format(patience))
                    .setCause(e)
                    .log("{} failed", step);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
