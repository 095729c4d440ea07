package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways to the pods: Service, HTTPRoute, Ingress and NetworkPolicy. */
class TrafficIT {

    static List<Manifests> overlays() {
        return Kustomize.overlays();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void the_service_offers_the_public_port_alone_and_says_that_it_is_for_websockets(Manifests manifests) {
        Manifest service = manifests.the("Service");
        assertThat(service.text("/spec/type")).isEqualTo("ClusterIP");
        assertThat(service.objects("/spec/ports")).singleElement().satisfies(port -> {
            assertThat(port.text("/targetPort"))
                    .isEqualTo(manifests.container().text("/ports/0/name"))
                    .isEqualTo("http");
            assertThat(port.text("/appProtocol")).isEqualTo("kubernetes.io/ws");
        });
    }

    private static Manifests all() {
        return Kustomize.baseWith(List.of("httproute", "ingress", "monitoring", "network-policy"));
    }

    @Test
    void the_route_leads_to_the_service_and_ends_no_websocket() {
        Manifest rule = all().the("HTTPRoute").part("/spec/rules/0");
        assertThat(rule.text("/backendRefs/0/name"))
                .isEqualTo(all().the("Service").name());
        assertThat(rule.number("/backendRefs/0/port"))
                .isEqualTo(all().the("Service").number("/spec/ports/0/port"));
        assertThat(rule.text("/timeouts/request")).isEqualTo("0s");
        assertThat(rule.text("/timeouts/backendRequest")).isEqualTo("0s");
        assertThat(rule.text("/matches/0/path/type")).isEqualTo("PathPrefix");
        assertThat(rule.text("/matches/0/path/value")).isEqualTo("/");
    }

    @Test
    void the_ingress_leads_to_the_service_and_is_patient() {
        Manifest ingress = all().the("Ingress");
        Manifest backend = ingress.part("/spec/rules/0/http/paths/0/backend/service");
        assertThat(backend.text("/name")).isEqualTo(all().the("Service").name());
        assertThat(backend.text("/port/name")).isEqualTo(all().the("Service").text("/spec/ports/0/name"));
        // Annotations are texts: a number there is refused.
        assertThat(ingress.map("/metadata/annotations"))
                .containsEntry("nginx.ingress.kubernetes.io/proxy-read-timeout", "3600")
                .containsEntry("nginx.ingress.kubernetes.io/proxy-send-timeout", "3600");
        assertThat(ingress.texts("/spec/tls/0/hosts")).containsExactly(ingress.text("/spec/rules/0/host"));
    }

    @Test
    void everybody_reaches_the_public_port_and_the_monitoring_namespace_alone_the_other_one() {
        Manifest policy = all().the("NetworkPolicy");
        assertThat(policy.texts("/spec/policyTypes")).containsExactly("Ingress", "Egress");
        assertThat(policy.objects("/spec/ingress")).hasSize(2);
        assertThat(policy.has("/spec/ingress/0/from")).isFalse();
        assertThat(policy.objects("/spec/ingress/0/ports"))
                .extracting(port -> port.text("/port"))
                .containsExactly("http");
        assertThat(policy.objects("/spec/ingress/1/from"))
                .singleElement()
                .satisfies(from -> assertThat(from.map("/namespaceSelector/matchLabels"))
                        .containsOnlyKeys("kubernetes.io/metadata.name"));
        assertThat(policy.objects("/spec/ingress/1/ports"))
                .extracting(port -> port.text("/port"))
                .containsExactly(all().the("PodMonitor").text("/spec/podMetricsEndpoints/0/port"))
                .containsExactly("management");
        assertThat(policy.objects("/spec/egress")).isEmpty();
    }
}
