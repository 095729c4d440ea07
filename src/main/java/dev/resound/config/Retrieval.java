package dev.resound.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What vertx-config does here: it gathers the sources into one object, later wins, and looks whether it changed.
 *
 * <p>The file is taken raw. The format {@code yaml} of vertx-config lets the last of two equal keys win, throws on a file
 * of comments, and logs a stack trace with every scan for as long as a file is broken.
 */
final class Retrieval {

    private static final String FILE = "file";
    private static final String ENVIRONMENT = "environment";
    private static final String PROPERTIES = "properties";

    private Retrieval() {}

    /** @param period how often it looks for changes; zero for never */
    static ConfigRetriever retriever(Vertx vertx, ConfigurationSources sources, Duration period) {
        // An absolute path: Vert.x looks for a relative one on the class path too, and unpacks it to the disk.
        String path = sources.configurationFile().path().toAbsolutePath().toString();
        var file = new ConfigStoreOptions()
                .setType("file")
                .setFormat("raw")
                .setOptional(true)
                .setConfig(new JsonObject().put("path", path).put("raw.key", FILE));
        var environment = texts(ENVIRONMENT, sources.environment(), Overrides.VARIABLE_PREFIX);
        var properties = texts(PROPERTIES, sources.systemProperties(), Overrides.PROPERTY_PREFIX);
        return ConfigRetriever.create(
                vertx,
                new ConfigRetrieverOptions()
                        .setScanPeriod(period.toMillis())
                        .addStore(file)
                        .addStore(environment)
                        .addStore(properties));
    }

    // The stores "env" and "sys" read the process itself, which a test cannot change, and guess at types.
    private static ConfigStoreOptions texts(String name, Map<String, String> all, String prefix) {
        var texts = new JsonObject();
        all.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                texts.put(key, value);
            }
        });
        return new ConfigStoreOptions().setType("json").setConfig(new JsonObject().put(name, texts));
    }

    /** The file's text; empty where it could not be read. */
    static Optional<String> fileText(JsonObject gathered) {
        return Optional.ofNullable(gathered.getString(FILE));
    }

    /** All that was gathered, in the order in which later wins. */
    static Findings findings(String fileName, JsonObject gathered) {
        var findings = new Findings();
        fileText(gathered).ifPresent(text -> YamlText.read(fileName, text, findings));
        Overrides.readEnvironment(map(gathered, ENVIRONMENT), findings);
        Overrides.readProperties(map(gathered, PROPERTIES), findings);
        return findings;
    }

    private static Map<String, String> map(JsonObject gathered, String name) {
        Map<String, String> map = new HashMap<>();
        gathered.getJsonObject(name).forEach(entry -> map.put(entry.getKey(), String.valueOf(entry.getValue())));
        return map;
    }
}
