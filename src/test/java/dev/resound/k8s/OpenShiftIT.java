package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The components for OpenShift. */
class OpenShiftIT {

    private static Manifests all() {
        return Kustomize.baseWith(List.of("openshift", "route"));
    }

    /** The SCC restricted-v2 assigns the user and rejects any other one. */
    @Test
    void the_pods_leave_user_and_group_to_openshift_and_keep_every_other_restriction() {
        Manifest context = all().pod().part("/spec/securityContext");
        assertThat(context.has("/runAsUser")).isFalse();
        assertThat(context.has("/runAsGroup")).isFalse();
        assertThat(context.has("/fsGroup")).isFalse();
        assertThat(context.at("/runAsNonRoot")).isEqualTo(true);
        assertThat(context.text("/seccompProfile/type")).isEqualTo("RuntimeDefault");
        assertThat(all().container().part("/securityContext"))
                .isEqualTo(Kustomize.baseWith(List.of()).container().part("/securityContext"));
    }

    @Test
    void a_route_leads_to_the_public_port_with_tls_and_waits_longer_than_x() {
        Manifest route = all().the("Route");
        Manifest service = all().the("Service");
        assertThat(route.text("/spec/to/kind")).isEqualTo("Service");
        assertThat(route.text("/spec/to/name")).isEqualTo(service.name());
        assertThat(route.text("/spec/port/targetPort")).isEqualTo(service.text("/spec/ports/0/name"));
        assertThat(route.text("/spec/tls/termination")).isEqualTo("edge");
        assertThat(route.text("/spec/tls/insecureEdgeTerminationPolicy")).isEqualTo("Redirect");
        assertThat(route.map("/metadata/annotations")).containsEntry("haproxy.router.openshift.io/timeout", "1h");
    }
}
