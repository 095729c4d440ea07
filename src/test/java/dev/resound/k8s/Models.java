package dev.resound.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.BackendTLSPolicy;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.Route;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The models of the kinds that the manifests use, each with the version of its API. */
final class Models {

    private static final Map<String, Class<? extends HasMetadata>> BY_KIND = Stream.<Class<? extends HasMetadata>>of(
                    Namespace.class,
                    Pod.class,
                    ServiceAccount.class,
                    ConfigMap.class,
                    Secret.class,
                    Service.class,
                    Deployment.class,
                    PodDisruptionBudget.class,
                    HorizontalPodAutoscaler.class,
                    NetworkPolicy.class,
                    Ingress.class,
                    HTTPRoute.class,
                    BackendTLSPolicy.class,
                    Route.class,
                    PodMonitor.class,
                    PrometheusRule.class)
            .collect(Collectors.toMap(HasMetadata::getKind, model -> model));

    /**
     * As strict as the API server with strict validation. By default, a model accepts fields that it does not know, and numbers
     * where text is required.
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

    private Models() {}

    /** The stable version of the API that defines this kind. */
    static String apiVersion(Manifest manifest) {
        return HasMetadata.getApiVersion(model(manifest));
    }

    /** Reads a manifest. Fails if it has an unknown field or a value of the wrong type. */
    static HasMetadata read(Manifest manifest) throws JsonProcessingException {
        return STRICT.readValue(manifest.json().encode(), model(manifest));
    }

    private static Class<? extends HasMetadata> model(Manifest manifest) {
        return Objects.requireNonNull(BY_KIND.get(manifest.kind()), manifest.kind());
    }
}
