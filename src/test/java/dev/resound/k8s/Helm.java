package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Renders the chart. Without helm, it skips the test, or fails it on a build server. */
final class Helm {

    static final Path CHART = Kustomize.FOLDER.resolve("chart");

    private static final Map<List<String>, Manifests> RENDERED = new ConcurrentHashMap<>();

    private Helm() {}

    /** How a command ended, and everything that it printed. */
    record Result(int exitCode, String output) {}

    /** The files with values in the folder {@code ci} of the chart. */
    static List<Path> valueFiles() {
        try (var files = Files.list(CHART.resolve("ci"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every file of values, rendered as the release {@code resound}. */
    static List<Manifests> ci() {
        return valueFiles().stream().map(file -> template("resound", file)).toList();
    }

    /** The resources of a release with a file of values, the pod of the test included. */
    static Manifests template(String release, Path values) {
        return template(release, String.valueOf(values.getFileName()), "--values", values.toString());
    }

    /** The resources of a release with values as {@code --set} takes them. */
    static Manifests templateSet(String release, String values) {
        return template(release, values, "--set", values);
    }

    private static Manifests template(String release, String origin, String... options) {
        List<String> arguments = new ArrayList<>(List.of("template", release, CHART.toString()));
        arguments.addAll(List.of(options));
        return RENDERED.computeIfAbsent(arguments, unseen -> {
            Result result = run(arguments.toArray(String[]::new));
            assertThat(result.exitCode()).as(result.output()).isZero();
            return Manifests.parse(origin, result.output());
        });
    }

    static Result run(String... arguments) {
        assumeHelm();
        try {
            List<String> command = new ArrayList<>(List.of("helm"));
            command.addAll(List.of(arguments));
            Process helm = new ProcessBuilder(command).redirectErrorStream(true).start();
            String printed = new String(helm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(helm.waitFor(), printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assumeHelm() {
        boolean installed = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "helm")));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(installed).as("helm is on the path").isTrue();
        }
        assumeTrue(installed, "needs helm 4; .ci/run installs one");
    }
}
