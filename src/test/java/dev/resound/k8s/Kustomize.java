package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Renders {@code k8s/} as {@code kubectl apply -k} does. Without kubectl, it skips the test, or fails it on a build server. */
final class Kustomize {

    static final Path FOLDER = Path.of("k8s");

    /** Components that others include. */
    private static final Set<String> INCLUDED = Set.of("labels", "pod-monitor");

    private static final Map<Path, Manifests> RENDERED = new ConcurrentHashMap<>();

    private Kustomize() {}

    /** All overlays: what people apply. */
    static List<Manifests> overlays() {
        return folders("overlays").map(Kustomize::overlay).toList();
    }

    static Manifests overlay(String name) {
        return render(FOLDER.resolve("overlays").resolve(name));
    }

    /** The base alone, with each component, with each two of them, and with all. */
    static List<Manifests> combinations() {
        return Stream.of(
                        Stream.of(List.<String>of()),
                        components().stream().map(List::of),
                        pairs().stream(),
                        Stream.of(components()))
                .flatMap(choices -> choices)
                .map(Kustomize::baseWith)
                .toList();
    }

    /** Each two components, once. */
    static List<List<String>> pairs() {
        return components().stream()
                .flatMap(one -> components().stream()
                        .filter(other -> one.compareTo(other) < 0)
                        .map(other -> List.of(one, other)))
                .toList();
    }

    /** The components that an overlay lists. */
    static List<String> components() {
        return folders("components")
                .filter(component -> !INCLUDED.contains(component))
                .toList();
    }

    /** The base with some components. */
    static Manifests baseWith(List<String> components) {
        return custom(components.isEmpty() ? "base" : String.join("+", components), """
                resources: [../../../k8s/base]
                components: %s
                """.formatted(paths(components)));
    }

    /** The components as paths from a custom overlay. */
    static List<String> paths(List<String> components) {
        return components.stream()
                .map(component -> "../../../k8s/components/" + component)
                .toList();
    }

    /** Renders an overlay that only a test has, three levels below the project. Each one needs a name of its own. */
    static Manifests custom(String name, String kustomization) {
        return custom(name, kustomization, Map.of());
    }

    /**
     * Renders an overlay that only a test has.
     *
     * @param files the content of further files, by name
     */
    static Manifests custom(String name, String kustomization, Map<String, String> files) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "kustomize", name));
            Files.writeString(folder.resolve("kustomization.yaml"), """
                    apiVersion: kustomize.config.k8s.io/v1beta1
                    kind: Kustomization
                    """ + kustomization);
            for (var file : files.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
            return render(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> folders(String parent) {
        try (var folders = Files.list(FOLDER.resolve(parent))) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manifests render(Path folder) {
        return RENDERED.computeIfAbsent(
                folder, unseen -> Manifests.parse(folder.getFileName().toString(), run(folder)));
    }

    private static String run(Path folder) {
        assumeKubectl();
        try {
            Path complaints = Files.createTempFile("kustomize", ".log");
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(complaints.toFile())
                    .start();
            String rendered = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            // Kustomize renders deprecated fields too, and warns about them here.
            assertThat(complaints).as("kubectl kustomize %s", folder).hasContent("");
            assertThat(kubectl.waitFor()).isZero();
            Files.delete(complaints);
            return rendered;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assumeKubectl() {
        boolean installed = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed).as("kubectl is on the path").isTrue();
        }
        assumeTrue(installed, "needs kubectl 1.31 or newer; .ci/run installs one");
    }
}
