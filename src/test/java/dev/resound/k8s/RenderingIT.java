package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.resound.lifecycle.BuildInfo;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for everything that Kustomize makes of {@code k8s/}. */
class RenderingIT {

    /** The models of the kinds that there are; each says itself which version of its API it is of. */
    private static final Map<String, Class<? extends HasMetadata>> MODELS = Stream.<Class<? extends HasMetadata>>of(
                    Namespace.class,
                    ServiceAccount.class,
                    ConfigMap.class,
                    Service.class,
                    Deployment.class,
                    PodDisruptionBudget.class,
                    HorizontalPodAutoscaler.class,
                    NetworkPolicy.class,
                    Ingress.class,
                    HTTPRoute.class,
                    PodMonitor.class,
                    PrometheusRule.class)
            .collect(Collectors.toMap(HasMetadata::getKind, model -> model));

    /**
     * As strict as the API server is with strict validation. By itself a model takes fields that it does not know, and numbers for
     * texts.
     */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .build();

    static List<Manifests> overlays() {
        return Kustomize.overlays();
    }

    static List<Manifests> everything() {
        return Stream.concat(Kustomize.overlays().stream(), Kustomize.combinations().stream())
                .toList();
    }

    @Test
    void there_is_a_small_overlay_and_one_with_all_that_production_wants() {
        assertThat(overlays()).extracting(Manifests::origin).containsExactly("dev", "production");
        assertThat(kinds(Kustomize.overlay("dev")))
                .containsExactlyInAnyOrder(
                        "Namespace",
                        "ServiceAccount",
                        "ConfigMap",
                        "ConfigMap",
                        "Service",
                        "Deployment",
                        "PodDisruptionBudget");
        assertThat(kinds(Kustomize.overlay("production")))
                .contains("HTTPRoute", "PodMonitor", "PrometheusRule", "HorizontalPodAutoscaler", "NetworkPolicy");
    }

    @ParameterizedTest
    @MethodSource("everything")
    void every_combination_holds_each_resource_once_in_a_stable_version_of_its_kind(Manifests manifests) {
        assertThat(manifests.all())
                .allSatisfy(manifest ->
                        assertThat(manifest.text("/apiVersion")).isEqualTo(HasMetadata.getApiVersion(model(manifest))))
                .extracting(manifest -> manifest.kind() + " " + manifest.name())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("everything")
    void every_field_is_one_that_its_kind_has(Manifests manifests) {
        assertThat(manifests.all())
                .allSatisfy(manifest -> assertThatCode(
                                () -> STRICT.readValue(manifest.json().encode(), model(manifest)))
                        .doesNotThrowAnyException());
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
    @MethodSource("overlays")
    void an_overlay_is_an_instance_with_a_namespace_that_enforces_restricted(Manifests manifests) {
        Manifest namespace = manifests.the("Namespace");
        assertThat(namespace.labels()).containsEntry("pod-security.kubernetes.io/enforce", "restricted");
        assertThat(manifests.all())
                .allSatisfy(manifest -> assertThat(manifest.labels()).containsKey("app.kubernetes.io/instance"))
                .filteredOn(manifest -> !manifest.kind().equals("Namespace"))
                .allSatisfy(manifest ->
                        assertThat(manifest.text("/metadata/namespace")).isEqualTo(namespace.name()));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void image_and_labels_are_of_the_version_that_is_built(Manifests manifests) {
        String version = BuildInfo.current().version();
        assertThat(manifests.container().text("/image")).isEqualTo("resound:" + version);
        assertThat(Stream.concat(manifests.all().stream(), Stream.of(manifests.pod())))
                .allSatisfy(
                        manifest -> assertThat(manifest.labels()).containsEntry("app.kubernetes.io/version", version));
    }

    private static Class<? extends HasMetadata> model(Manifest manifest) {
        return Objects.requireNonNull(MODELS.get(manifest.kind()), manifest.kind());
    }

    private static List<String> kinds(Manifests manifests) {
        return manifests.all().stream().map(Manifest::kind).toList();
    }
}
