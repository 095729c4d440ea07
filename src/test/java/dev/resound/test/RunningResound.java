package dev.resound.test;

import dev.resound.MainVerticle;
import dev.resound.config.Configuration;
import dev.resound.setting.ByteSize;
import dev.resound.setting.Durations;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** The whole service inside the test's process, on free ports of the loopback address. */
public final class RunningResound implements AutoCloseable {

    private static final int EVENT_LOOPS = 2;

    private final Vertx vertx;
    private final MainVerticle main;
    private final AtomicReference<Configuration> configuration;

    private RunningResound(Vertx vertx, Configuration initial) {
        this.vertx = vertx;
        this.configuration = new AtomicReference<>(initial);
        this.main = new MainVerticle(configuration::get, EVENT_LOOPS);
        vertx.deployVerticle(main).await();
    }

    /**
     * Starts it.
     *
     * @param keysAndValues as in the configuration file, in turn: {@code "websocket.keep-alive-interval", "1s"} */
    public static RunningResound start(String... keysAndValues) {
        Map<String, String> settings = new java.util.HashMap<>(Map.of(
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
        IntStream.range(0, keysAndValues.length / 2)
                .forEach(i -> settings.put(keysAndValues[2 * i], keysAndValues[2 * i + 1]));
        var options = new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS);
        return new RunningResound(Vertx.vertx(options), (Configuration) set("", Configuration.DEFAULT, settings));
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

    public URI page() {
        return URI.create("http://127.0.0.1:" + port() + "/");
    }

    public URI webSocket() {
        return URI.create("ws://127.0.0.1:" + port() + "/ws");
    }

    public URI management(String path) {
        return URI.create("http://127.0.0.1:" + managementPort() + path);
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    static Object set(String prefix, Record defaults, Map<String, String> settings) {
        try {
            RecordComponent[] components = defaults.getClass().getRecordComponents();
            Object[] values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                String key = prefix
                        + components[i].getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
                Object old = components[i].getAccessor().invoke(defaults);
                values[i] = old instanceof Record nested && !(old instanceof ByteSize)
                        ? set(key + ".", nested, settings)
                        : settings.containsKey(key) ? convert(settings.get(key), components[i].getType()) : old;
            }
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return defaults.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object convert(String text, Class<?> type) {
        if (type == Duration.class) {
            return Durations.parse(text);
        } else if (type == ByteSize.class) {
            return ByteSize.parse(text);
        } else if (type == int.class) {
            return Integer.valueOf(text);
        } else if (type == boolean.class) {
            return Boolean.valueOf(text);
        } else if (type == List.class) {
            return text.isEmpty() ? List.of() : List.of(text.split(","));
        } else if (type.isEnum()) {
            return Enum.valueOf((Class) type, text.toUpperCase(Locale.ROOT));
        }
        return text;
    }
}
