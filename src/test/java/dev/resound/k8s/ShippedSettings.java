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

/** The configuration that a pod of some manifests finds: the file that it mounts and its environment. */
final class ShippedSettings {

    private ShippedSettings() {}

    /** Read by the service's own reader, which refuses keys and variables that it does not know. */
    static Configuration of(Manifests manifests) {
        Vertx vertx = Vertx.vertx();
        try {
            Path file = Files.createTempFile("resound", ".yaml");
            try {
                Files.writeString(file, file(manifests));
                var sources = new ConfigurationSources(file, environment(manifests), Map.of());
                return sources.load(vertx).await();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            vertx.close().await();
        }
    }

    /** What stands behind {@code --conf}, by way of mount, volume and ConfigMap. */
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
        for (Manifest source : manifests.container().objects("/envFrom")) {
            environment.putAll(
                    manifests.configMap(source.text("/configMapRef/name")).map("/data"));
        }
        return environment;
    }
}
