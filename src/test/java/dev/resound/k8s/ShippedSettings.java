package dev.resound.k8s;

import dev.resound.config.Configuration;
import dev.resound.config.ConfigurationSources;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The configuration of a pod: the file that it mounts and its environment. */
final class ShippedSettings {

    private ShippedSettings() {}

    /** Read by the service's own reader, which refuses unknown keys and variables. */
    static Configuration of(Manifests manifests) {
        return read(file(manifests), environment(manifests));
    }

    /** The settings of a file and an environment. */
    static Configuration read(String text, Map<String, String> environment) {
        Vertx vertx = Vertx.vertx();
        try {
            Path file = Files.createTempFile("resound", ".yaml");
            try {
                Files.writeString(file, text);
                return new ConfigurationSources(file, environment, Map.of())
                        .load(vertx)
                        .await();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            vertx.close().await();
        }
    }

    /** The content of the file that {@code --conf} names, found through mount, volume and ConfigMap. */
    static String file(Manifests manifests) {
        List<String> arguments = manifests.container().texts("/args");
        Path file = Path.of(arguments.get(arguments.indexOf("--conf") + 1));
        Manifest mount = manifests.container().objects("/volumeMounts").stream()
                .filter(candidate -> candidate.text("/mountPath").equals(String.valueOf(file.getParent())))
                .findFirst()
                .orElseThrow();
        Manifest volume = manifests.pod().objects("/spec/volumes").stream()
                .filter(candidate -> candidate.text("/name").equals(mount.text("/name")))
                .findFirst()
                .orElseThrow();
        return manifests
                .configMap(volume.text("/configMap/name"))
                .map("/data")
                .getOrDefault(String.valueOf(file.getFileName()), "");
    }

    static Map<String, String> environment(Manifests manifests) {
        Map<String, String> environment = new TreeMap<>();
        if (manifests.container().has("/env")) {
            manifests
                    .container()
                    .objects("/env")
                    .forEach(variable -> environment.put(variable.text("/name"), variable.text("/value")));
        }
        return environment;
    }
}
