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
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Renders what is in {@code k8s/} as {@code kubectl apply -k} does; skips the test where there is no kubectl, but not on a build server. */
final class Kustomize {

    static final Path FOLDER = Path.of("k8s");

    private static final Map<Path, Manifests> RENDERED = new ConcurrentHashMap<>();

    private Kustomize() {}

    /** What people apply. */
    static List<Manifests> overlays() {
        return folders("overlays").map(Kustomize::overlay).toList();
    }

    static Manifests overlay(String name) {
        return render(FOLDER.resolve("overlays").resolve(name));
    }

    /** The base alone, with each component, with each two of them, and with all: what disturbs one another shows in a pair. */
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

    /** But for the labels, which the base has. */
    private static List<String> components() {
        return folders("components")
                .filter(component -> !component.equals("labels"))
                .toList();
    }

    /** The base with some components. */
    static Manifests baseWith(List<String> components) {
        try {
            String name = components.isEmpty() ? "base" : String.join("+", components);
            Path folder = Files.createDirectories(Path.of("target", "kustomize", name));
            Files.writeString(folder.resolve("kustomization.yaml"), """
                    apiVersion: kustomize.config.k8s.io/v1beta1
                    kind: Kustomization
                    resources: [../../../k8s/base]
                    components: %s
                    """.formatted(components.stream()
                    .map(component -> "../../../k8s/components/" + component)
                    .toList()));
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
            // A deprecated field renders too, and is said here only.
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
        assumeTrue(installed, "needs kubectl 1.27 or newer; .ci/run says where it gets one");
    }
}
