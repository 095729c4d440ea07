package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Deployment, and what finds its pods. */
class WorkloadIT {

    static List<Manifests> overlays() {
        return Kustomize.overlays();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void a_rolling_update_takes_no_pod_away_before_another_one_serves(Manifests manifests) {
        Manifest deployment = manifests.deployment();
        assertThat(deployment.text("/spec/strategy/type")).isEqualTo("RollingUpdate");
        assertThat(deployment.number("/spec/strategy/rollingUpdate/maxUnavailable"))
                .isZero();
        assertThat(deployment.text("/spec/strategy/rollingUpdate/maxSurge")).isEqualTo("100%");
        assertThat(deployment.number("/spec/minReadySeconds")).isPositive();
    }

    @Test
    void everything_that_selects_pods_selects_these() {
        Manifests all = Kustomize.overlay("production");
        Map<String, String> pod = all.pod().labels();
        List<Map<String, String>> selectors = List.of(
                all.deployment().map("/spec/selector/matchLabels"),
                all.the("Service").map("/spec/selector"),
                all.the("PodDisruptionBudget").map("/spec/selector/matchLabels"),
                all.the("NetworkPolicy").map("/spec/podSelector/matchLabels"),
                all.the("PodMonitor").map("/spec/selector/matchLabels"),
                all.pod().map("/spec/topologySpreadConstraints/0/labelSelector/matchLabels"),
                all.pod().map("/spec/topologySpreadConstraints/1/labelSelector/matchLabels"));
        assertThat(selectors)
                .allSatisfy(selector ->
                        assertThat(pod).containsAllEntriesOf(selector).isNotEmpty())
                .noneMatch(Map::isEmpty);
    }

    /** The selector is immutable, so it must not contain anything that changes with a release. */
    @ParameterizedTest
    @MethodSource("overlays")
    void the_selector_is_name_and_instance_and_outlives_versions(Manifests manifests) {
        assertThat(manifests.deployment().map("/spec/selector/matchLabels"))
                .containsOnly(
                        Map.entry("app.kubernetes.io/name", "resound"),
                        Map.entry(
                                "app.kubernetes.io/instance",
                                manifests.deployment().labels().get("app.kubernetes.io/instance")));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void pods_spread_over_zones_and_nodes_where_they_can(Manifests manifests) {
        assertThat(manifests.pod().objects("/spec/topologySpreadConstraints"))
                .extracting(spread -> spread.text("/topologyKey") + " " + spread.text("/whenUnsatisfiable"))
                .containsExactly("topology.kubernetes.io/zone ScheduleAnyway", "kubernetes.io/hostname ScheduleAnyway");
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void a_node_can_be_emptied_and_production_keeps_serving(Manifests manifests) {
        int unavailable = manifests.the("PodDisruptionBudget").number("/spec/maxUnavailable");
        assertThat(unavailable).isPositive();
        int fewest = manifests.has("HorizontalPodAutoscaler")
                ? manifests.the("HorizontalPodAutoscaler").number("/spec/minReplicas")
                : manifests.deployment().number("/spec/replicas");
        assertThat(fewest - unavailable)
                .isGreaterThanOrEqualTo(manifests.origin().equals("dev") ? 0 : 2);
    }
}
