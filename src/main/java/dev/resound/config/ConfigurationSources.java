package dev.resound.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from, later wins: the defaults in the code, a YAML file, the environment, system properties.
 *
 * @param file has to be there; null takes {@code conf/resound.yaml} of the working directory, where there is one
 * @param environment variables by name; those that start with {@code RESOUND_} are read
 * @param systemProperties properties by name; those that start with {@code resound.} are read
 */
public record ConfigurationSources(
        @Nullable Path file, Map<String, String> environment, Map<String, String> systemProperties) {

    public ConfigurationSources {
        environment = Map.copyOf(environment);
        systemProperties = Map.copyOf(systemProperties);
    }

    /** The sources of the running process. */
    public static ConfigurationSources ofProcess(@Nullable Path file) {
        Map<String, String> properties = new TreeMap<>();
        System.getProperties()
                .stringPropertyNames()
                .forEach(name -> properties.put(name, System.getProperty(name, "")));
        return new ConfigurationSources(file, System.getenv(), properties);
    }

    ConfigurationFile configurationFile() {
        return file == null ? new ConfigurationFile(ConfigurationFile.USUAL, false) : new ConfigurationFile(file, true);
    }
}
