package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.RunningResound;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pod: what it may do, what it may use, and how the kubelet asks after it. */
class PodIT {

    private static final int UNPRIVILEGED = 65_532;

    static List<Manifests> overlays() {
        return Kustomize.overlays();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void it_passes_the_restricted_profile_of_pod_security(Manifests manifests) {
        Manifest pod = manifests.pod().part("/spec/securityContext");
        assertThat(pod.at("/runAsNonRoot")).isEqualTo(true);
        assertThat(pod.number("/runAsUser")).isEqualTo(UNPRIVILEGED);
        assertThat(pod.number("/runAsGroup")).isEqualTo(UNPRIVILEGED);
        assertThat(pod.text("/seccompProfile/type")).isEqualTo("RuntimeDefault");
        Manifest container = manifests.container().part("/securityContext");
        assertThat(container.at("/allowPrivilegeEscalation")).isEqualTo(false);
        assertThat(container.at("/readOnlyRootFilesystem")).isEqualTo(true);
        assertThat(container.texts("/capabilities/drop")).containsExactly("ALL");
        assertThat(container.has("/capabilities/add")).isFalse();
        assertThat(manifests.pod().json().encode()).doesNotContain("hostPath", "hostNetwork", "hostPort", "hostPID");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void it_has_no_token_and_no_service_links(Manifests manifests) {
        Manifest pod = manifests.pod();
        assertThat(pod.at("/spec/automountServiceAccountToken")).isEqualTo(false);
        assertThat(pod.at("/spec/enableServiceLinks")).isEqualTo(false);
        Manifest account = manifests.the("ServiceAccount");
        assertThat(account.at("/automountServiceAccountToken")).isEqualTo(false);
        assertThat(pod.text("/spec/serviceAccountName")).isEqualTo(account.name());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void it_asks_for_what_it_needs_and_may_not_take_more_memory(Manifests manifests) {
        Manifest resources = manifests.container().part("/resources");
        assertThat(resources.map("/requests")).containsOnlyKeys("cpu", "memory", "ephemeral-storage");
        assertThat(resources.map("/limits")).containsOnlyKeys("cpu", "memory", "ephemeral-storage");
        assertThat(resources.text("/limits/memory")).isEqualTo(resources.text("/requests/memory"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void it_can_write_nowhere(Manifests manifests) {
        assertThat(manifests.pod().objects("/spec/volumes")).allMatch(volume -> volume.has("/configMap"));
        assertThat(manifests.container().objects("/volumeMounts")).allMatch(mount -> mount.has("/readOnly"));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void every_probe_asks_the_management_port(Manifests manifests) {
        for (String probe : List.of("startup", "liveness", "readiness")) {
            Manifest get = manifests.container().part("/" + probe + "Probe/httpGet");
            assertThat(get.text("/port")).isEqualTo("management");
            assertThat(get.has("/host")).isFalse();
            assertThat(get.has("/scheme")).isFalse();
        }
    }

    @Test
    void every_probe_is_answered_and_only_liveness_stays_good_during_the_drain() throws Exception {
        Manifest container = Kustomize.overlay("production").container();
        try (var resound = RunningResound.start("drain.period", "0")) {
            assertThat(ask(resound, container, "startup")).isEqualTo(200);
            assertThat(ask(resound, container, "readiness")).isEqualTo(200);
            assertThat(ask(resound, container, "liveness")).isEqualTo(200);
            resound.main().drain().await();
            assertThat(ask(resound, container, "readiness")).isEqualTo(503);
            assertThat(ask(resound, container, "liveness")).isEqualTo(200);
        }
    }

    private static int ask(RunningResound resound, Manifest container, String probe)
            throws IOException, InterruptedException {
        var path = container.text("/" + probe + "Probe/httpGet/path");
        var request = HttpRequest.newBuilder(resound.management(path)).build();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
