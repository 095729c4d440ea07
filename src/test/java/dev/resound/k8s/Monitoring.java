package dev.resound.k8s;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The rules and the dashboard of the component {@code monitoring}. */
final class Monitoring {

    private Monitoring() {}

    static Manifests manifests() {
        return Kustomize.baseWith(List.of("monitoring"));
    }

    /** The rules as Prometheus reads them: what the resource wraps. JSON is YAML. */
    static Path writeRules(Path directory) throws IOException {
        return Files.writeString(
                directory.resolve("rules.yaml"),
                manifests().the("PrometheusRule").part("/spec").json().encodePrettily());
    }

    static List<Manifest> alerts() {
        return alerts(manifests());
    }

    static List<Manifest> alerts(Manifests manifests) {
        return rules(manifests).filter(rule -> rule.has("/alert")).toList();
    }

    static List<Manifest> recordings() {
        return rules(manifests()).filter(rule -> rule.has("/record")).toList();
    }

    private static Stream<Manifest> rules(Manifests manifests) {
        return manifests.the("PrometheusRule").objects("/spec/groups").stream()
                .flatMap(group -> group.objects("/rules").stream());
    }

    /** The dashboard of the pods. */
    static Manifest dashboard() {
        return dashboard("resound.json");
    }

    /** All dashboards. */
    static List<Manifest> dashboards() {
        return List.of(dashboard(), dashboard("resound-fleet.json"));
    }

    private static Manifest dashboard(String file) {
        return new Manifest(new JsonObject(
                manifests().configMap("resound-dashboard").map("/data").get(file)));
    }

    /** Each query of each panel of each dashboard. */
    static List<Manifest> dashboardTargets() {
        return dashboards().stream()
                .flatMap(dashboard -> dashboard.objects("/panels").stream())
                .flatMap(panel -> panel.objects("/targets").stream())
                .toList();
    }
}
