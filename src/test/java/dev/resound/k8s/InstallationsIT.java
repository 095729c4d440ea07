package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Name prefixes and suffixes, and several installations in one namespace. */
class InstallationsIT {

    private static final Pattern BY = Pattern.compile("\\bby \\(([^)]*)\\)");

    /** A field that names another resource. */
    private record Reference(Manifest from, String pointer, String kind) {

        String name() {
            return from.text(pointer);
        }
    }

    private static Manifests installation(String name, List<String> components) {
        return Kustomize.custom(name, """
                namespace: shared
                namePrefix: team-
                nameSuffix: -%s
                resources: [../../../k8s/base]
                components: %s
                labels:
                  - pairs:
                      app.kubernetes.io/instance: %1$s
                    includeSelectors: true
                """.formatted(name, Kustomize.paths(components)));
    }

    @Test
    void with_a_prefix_and_a_suffix_every_reference_leads_to_a_resource() {
        Manifests all = installation("everything", Kustomize.components());
        assertThat(all.all()).extracting(Manifest::name).allMatch(name -> name.matches("team-resound.*-everything"));
        List<Reference> references = references(all);
        assertThat(references)
                .extracting(reference -> reference.from().kind())
                .contains("Deployment", "HTTPRoute", "Ingress", "Route", "BackendTLSPolicy", "HorizontalPodAutoscaler");
        assertThat(references)
                .allSatisfy(reference -> assertThat(all.of(reference.kind()))
                        .extracting(Manifest::name)
                        .contains(reference.name()));
    }

    private static List<Reference> references(Manifests all) {
        Manifest deployment = all.deployment();
        Stream<Reference> volumes = Stream.iterate(0, i -> i + 1)
                .map(i -> "/spec/template/spec/volumes/%d".formatted(i))
                .takeWhile(deployment::has)
                .filter(volume -> deployment.has(volume + "/configMap"))
                .map(volume -> new Reference(deployment, volume + "/configMap/name", "ConfigMap"));
        return Stream.of(
                        Stream.of(
                                new Reference(deployment, "/spec/template/spec/serviceAccountName", "ServiceAccount")),
                        volumes,
                        references(all, "HTTPRoute", "/spec/rules/0/backendRefs/0/name", "Service"),
                        references(all, "BackendTLSPolicy", "/spec/targetRefs/0/name", "Service"),
                        references(all, "Route", "/spec/to/name", "Service"),
                        references(all, "Ingress", "/spec/rules/0/http/paths/0/backend/service/name", "Service"),
                        references(all, "HorizontalPodAutoscaler", "/spec/scaleTargetRef/name", "Deployment"))
                .flatMap(found -> found)
                .toList();
    }

    private static Stream<Reference> references(Manifests all, String from, String pointer, String to) {
        return all.of(from).stream().map(manifest -> new Reference(manifest, pointer, to));
    }

    @Test
    void two_installations_in_one_namespace_select_their_own_pods_only() {
        List<String> components = List.of("httproute", "pod-monitor", "autoscaling", "network-policy");
        Manifests blue = installation("blue", components);
        Manifests green = installation("green", components);
        Manifests both = Kustomize.custom("both", "resources: [../blue, ../green]\n");
        assertThat(both.all()).hasSize(blue.all().size() + green.all().size());
        assertThat(selectors(both))
                .hasSize(14)
                .allSatisfy(selector -> assertThat(both.of("Deployment"))
                        .filteredOn(deployment -> deployment
                                .map("/spec/template/metadata/labels")
                                .entrySet()
                                .containsAll(selector.entrySet()))
                        .hasSize(1));
        assertThat(both.of("HorizontalPodAutoscaler"))
                .extracting(autoscaler -> autoscaler.text("/spec/scaleTargetRef/name"))
                .containsExactlyInAnyOrder("team-resound-blue", "team-resound-green");
    }

    private static List<Map<String, String>> selectors(Manifests manifests) {
        return Stream.of(
                        selectors(manifests, "Deployment", "/spec/selector/matchLabels"),
                        selectors(
                                manifests,
                                "Deployment",
                                "/spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels"),
                        selectors(
                                manifests,
                                "Deployment",
                                "/spec/template/spec/topologySpreadConstraints/1/labelSelector/matchLabels"),
                        selectors(manifests, "Service", "/spec/selector"),
                        selectors(manifests, "PodDisruptionBudget", "/spec/selector/matchLabels"),
                        selectors(manifests, "NetworkPolicy", "/spec/podSelector/matchLabels"),
                        selectors(manifests, "PodMonitor", "/spec/selector/matchLabels"))
                .flatMap(found -> found)
                .toList();
    }

    private static Stream<Map<String, String>> selectors(Manifests manifests, String kind, String pointer) {
        return manifests.of(kind).stream().map(manifest -> manifest.map(pointer));
    }

    /** The base alone has an instance too, so that an overlay without labels cannot select the pods of another one. */
    @Test
    void every_selector_has_the_instance() {
        assertThat(selectors(Kustomize.baseWith(List.of("network-policy", "pod-monitor"))))
                .hasSize(7)
                .allSatisfy(selector -> assertThat(selector).containsEntry("app.kubernetes.io/instance", "resound"));
    }

    static List<Manifest> rules() {
        return Stream.concat(Monitoring.alerts().stream(), Monitoring.recordings().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void no_rule_adds_up_installations(Manifest rule) {
        BY.matcher(rule.text("/expr"))
                .results()
                .forEach(by -> assertThat(List.of(by.group(1).split(", ", -1)))
                        .contains("namespace")
                        .containsAnyOf("installation", "pod"));
    }

    @Test
    void the_pod_monitor_labels_each_target_with_its_installation() {
        Manifest relabeling =
                Monitoring.manifests().the("PodMonitor").part("/spec/podMetricsEndpoints/0/relabelings/0");
        assertThat(relabeling.texts("/sourceLabels"))
                .containsExactly("__meta_kubernetes_pod_label_app_kubernetes_io_instance");
        assertThat(relabeling.text("/targetLabel")).isEqualTo("installation");
    }
}
