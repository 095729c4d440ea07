package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.resound.lifecycle.BuildInfo;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every rendering of {@code k8s/} has in common. */
class RenderingIT {

    static List<Manifests> overlays() {
        return Kustomize.overlays();
    }

    static List<Manifests> everything() {
        return Stream.concat(Kustomize.overlays().stream(), Kustomize.combinations().stream())
                .toList();
    }

    static List<List<String>> pairs() {
        return Kustomize.pairs();
    }

    @Test
    void there_is_a_small_overlay_and_one_with_all_that_production_wants() {
        assertThat(overlays()).extracting(Manifests::origin).containsExactly("dev", "production");
        assertThat(kinds(Kustomize.overlay("dev")))
                .containsExactlyInAnyOrder(
                        "Namespace", "ServiceAccount", "ConfigMap", "Service", "Deployment", "PodDisruptionBudget");
        assertThat(kinds(Kustomize.overlay("production")))
                .contains("HTTPRoute", "PodMonitor", "PrometheusRule", "HorizontalPodAutoscaler", "NetworkPolicy");
    }

    @ParameterizedTest
    @MethodSource("everything")
    void every_combination_holds_each_resource_once_in_a_stable_version_of_its_kind(Manifests manifests) {
        assertThat(manifests.all())
                .allSatisfy(manifest -> assertThat(manifest.text("/apiVersion")).isEqualTo(Models.apiVersion(manifest)))
                .extracting(manifest -> manifest.kind() + " " + manifest.name())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("everything")
    void every_field_is_one_that_its_kind_has(Manifests manifests) {
        assertThat(manifests.all())
                .allSatisfy(
                        manifest -> assertThatCode(() -> Models.read(manifest)).doesNotThrowAnyException());
    }

    @ParameterizedTest
    @MethodSource("everything")
    void everything_bears_the_recommended_labels_pods_too(Manifests manifests) {
        assertThat(Stream.concat(manifests.all().stream(), Stream.of(manifests.pod())))
                .allSatisfy(manifest -> assertThat(manifest.labels())
                        .containsEntry("app.kubernetes.io/name", "resound")
                        .containsEntry("app.kubernetes.io/component", "server")
                        .containsEntry("app.kubernetes.io/part-of", "resound")
                        .containsEntry("app.kubernetes.io/managed-by", "kustomize"));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void it_does_not_matter_in_which_order_an_overlay_names_components(List<String> pair) {
        assertThat(Kustomize.baseWith(pair.reversed()).all())
                .isEqualTo(Kustomize.baseWith(pair).all());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void an_overlay_is_an_instance_with_a_namespace_that_enforces_audits_and_warns_of_restricted(Manifests manifests) {
        Manifest namespace = manifests.the("Namespace");
        for (String mode : List.of("enforce", "audit", "warn")) {
            assertThat(namespace.labels())
                    .containsEntry("pod-security.kubernetes.io/" + mode, "restricted")
                    .containsEntry("pod-security.kubernetes.io/" + mode + "-version", "latest");
        }
        assertThat(manifests.all())
                .allSatisfy(manifest -> assertThat(manifest.labels()).containsKey("app.kubernetes.io/instance"))
                .filteredOn(manifest -> !manifest.kind().equals("Namespace"))
                .allSatisfy(manifest ->
                        assertThat(manifest.text("/metadata/namespace")).isEqualTo(namespace.name()));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void the_labels_are_of_the_version_that_is_built(Manifests manifests) {
        String version = BuildInfo.current().version();
        assertThat(Stream.concat(manifests.all().stream(), Stream.of(manifests.pod())))
                .allSatisfy(
                        manifest -> assertThat(manifest.labels()).containsEntry("app.kubernetes.io/version", version));
    }

    /** Names below {@code .invalid} never resolve (RFC 6761), so nobody else can publish an image under the placeholder. */
    @Test
    void the_placeholder_image_comes_from_no_registry_and_production_pins_a_digest() {
        String version = BuildInfo.current().version();
        assertThat(Kustomize.baseWith(List.of()).container().text("/image"))
                .isEqualTo(Kustomize.overlay("dev").container().text("/image"))
                .isEqualTo("registry.invalid/resound:" + version);
        assertThat(Kustomize.overlay("production").container().text("/image"))
                .matches("registry\\.invalid/resound@sha256:0{64}");
    }

    @Test
    void the_parameters_are_not_applied() {
        assertThat(everything())
                .allSatisfy(manifests -> assertThat(manifests.of("ConfigMap"))
                        .extracting(Manifest::name)
                        .doesNotContain("resound-parameters"));
    }

    @Test
    void an_overlay_sets_host_gateway_and_namespace_of_prometheus_in_one_place() {
        Manifests all = Kustomize.custom("parameters", """
                resources: [../../../k8s/base]
                components: %s
                configMapGenerator:
                  - name: resound-parameters
                    behavior: merge
                    literals:
                      - host=ws.example.org
                      - gateway=edge
                      - gateway-namespace=network
                      - prometheus-namespace=observability
                """.formatted(Kustomize.paths(Kustomize.components())));
        Manifest route = all.the("HTTPRoute");
        assertThat(route.texts("/spec/hostnames")).containsExactly("ws.example.org");
        assertThat(route.text("/spec/parentRefs/0/name")).isEqualTo("edge");
        assertThat(route.text("/spec/parentRefs/0/namespace")).isEqualTo("network");
        assertThat(all.the("Ingress").text("/spec/rules/0/host")).isEqualTo("ws.example.org");
        assertThat(all.the("Ingress").texts("/spec/tls/0/hosts")).containsExactly("ws.example.org");
        assertThat(all.the("Route").text("/spec/host")).isEqualTo("ws.example.org");
        assertThat(all.the("BackendTLSPolicy").text("/spec/validation/hostname"))
                .isEqualTo("ws.example.org");
        assertThat(all.the("NetworkPolicy", "resound").map("/spec/ingress/1/from/0/namespaceSelector/matchLabels"))
                .containsExactly(Map.entry("kubernetes.io/metadata.name", "observability"));
    }

    private static List<String> kinds(Manifests manifests) {
        return manifests.all().stream().map(Manifest::kind).toList();
    }
}
