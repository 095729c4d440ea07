package dev.resound.test;

import dev.resound.MainVerticle;
import dev.resound.config.Configuration;
import dev.resound.config.ConfigurationReader;
import dev.resound.lifecycle.Lifecycle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** The whole service inside the test's process, on free ports of the loopback address. */
public final class RunningResound implements AutoCloseable {

    private static final int EVENT_LOOPS = 2;

    private final Vertx vertx;
    private final MainVerticle main;
    private final Map<String, String> settings;
    private final AtomicReference<Configuration> configuration;

    private final TestTransport transport;

    private RunningResound(TestTransport transport, Map<String, String> settings) {
        this.transport = transport;
        this.vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS))
                .withTransport(transport.vertxTransport())
                .build();
        this.settings = settings;
        this.configuration = new AtomicReference<>(ConfigurationReader.read(settings));
        this.main = new MainVerticle(new Lifecycle(), configuration::get, EVENT_LOOPS);
        vertx.deployVerticle(main).await();
    }

    /**
     * Starts it on NIO.
     *
     * @param keysAndValues as in the configuration file, in turn: {@code "websocket.keep-alive-interval", "1s"} */
    public static RunningResound start(String... keysAndValues) {
        return start(TestTransport.NIO, keysAndValues);
    }

    /** Starts it on a transport. */
    public static RunningResound start(TestTransport transport, String... keysAndValues) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "http.host",
                "127.0.0.1",
                "http.port",
                "0",
                "management.host",
                "127.0.0.1",
                "management.port",
                "0",
                "telemetry.interval",
                "50ms"));
        put(settings, keysAndValues);
        if (transport.isEncrypted()) {
            put(settings, TestTransport.certificate().settings());
        }
        return new RunningResound(transport, settings);
    }

    /** Changes settings while it runs, as a changed file does. */
    public void change(String... keysAndValues) {
        put(settings, keysAndValues);
        configuration.set(ConfigurationReader.read(settings));
    }

    private static void put(Map<String, String> settings, String... keysAndValues) {
        IntStream.range(0, keysAndValues.length / 2)
                .forEach(i -> settings.put(keysAndValues[2 * i], keysAndValues[2 * i + 1]));
    }

    public Vertx vertx() {
        return vertx;
    }

    public MainVerticle main() {
        return main;
    }

    public int port() {
        return main.publicPort();
    }

    public int managementPort() {
        return main.managementPort();
    }

    /** A connection to the public port on which nothing was sent yet. */
    public WireClient connect() {
        return transport.connect(port());
    }

    /** A WebSocket client, whose handshake has these headers beside the usual ones. */
    public WireClient open(String... moreHeaders) {
        return connect().handshake(moreHeaders);
    }

    public URI page() {
        return URI.create("http" + s() + "://127.0.0.1:" + port() + "/");
    }

    public URI webSocket() {
        return URI.create("ws" + s() + "://127.0.0.1:" + port() + "/ws");
    }

    /** What a scheme ends with, https or http. */
    private String s() {
        return configuration.get().http().tls().on() ? "s" : "";
    }

    public URI management(String path) {
        return URI.create("http://127.0.0.1:" + managementPort() + path);
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
