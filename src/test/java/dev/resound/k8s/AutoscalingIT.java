package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.setting.ByteSize;
import dev.resound.test.MetricsPage;
import dev.resound.test.ResoundProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The autoscaler: what it counts, and how slowly it takes pods away. */
class AutoscalingIT {

    private static final Pattern HEAP_PERCENTAGE = Pattern.compile("MaxRAMPercentage=([\\d.]+)");

    /** Of the most connections: above it, clients would be refused before a new pod is there. */
    private static final double WELL_BELOW = 0.6;

    private static Manifests all() {
        return Kustomize.baseWith(List.of("autoscaling"));
    }

    @Test
    void the_number_of_pods_is_the_autoscalers_alone() {
        Manifest autoscaler = all().the("HorizontalPodAutoscaler");
        assertThat(all().deployment().has("/spec/replicas")).isFalse();
        assertThat(autoscaler.text("/spec/scaleTargetRef/kind")).isEqualTo("Deployment");
        assertThat(autoscaler.text("/spec/scaleTargetRef/apiVersion"))
                .isEqualTo(all().deployment().text("/apiVersion"));
        assertThat(autoscaler.text("/spec/scaleTargetRef/name"))
                .isEqualTo(all().deployment().name());
        assertThat(autoscaler.number("/spec/maxReplicas")).isGreaterThan(autoscaler.number("/spec/minReplicas"));
    }

    @Test
    void it_counts_connections_and_falls_back_on_processor_time() {
        List<Manifest> metrics = all().the("HorizontalPodAutoscaler").objects("/spec/metrics");
        assertThat(metrics).hasSize(2);
        assertThat(metrics.getFirst().text("/pods/metric/name")).isEqualTo("websocket_connections");
        assertThat(metrics.getFirst().text("/pods/target/type")).isEqualTo("AverageValue");
        assertThat(metrics.getLast().text("/resource/name")).isEqualTo("cpu");
        // A share of what the pod requests, so it has to request some.
        assertThat(metrics.getLast().text("/resource/target/type")).isEqualTo("Utilization");
        assertThat(all().container().has("/resources/requests/cpu")).isTrue();
    }

    @Test
    void it_adds_pods_long_before_the_ones_that_are_there_refuse_clients() throws IOException {
        long memory = ByteSize.parse(all().container().text("/resources/limits/memory") + "B")
                .bytes();
        int target =
                Integer.parseInt(all().the("HorizontalPodAutoscaler").text("/spec/metrics/0/pods/target/averageValue"));
        try (var resound = ResoundProcess.ready(List.of("-Xmx" + (long) (memory * heapShare())), Map.of())) {
            assertThat((double) target)
                    .isLessThan(MetricsPage.of(resound).value("websocket_connections_limit") * WELL_BELOW);
        }
    }

    /** Of the container's memory, as the image has it. */
    private static double heapShare() throws IOException {
        return HEAP_PERCENTAGE
                .matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)) / 100)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void it_takes_away_one_pod_at_a_time_after_a_long_look() {
        Manifest down = all().the("HorizontalPodAutoscaler").part("/spec/behavior/scaleDown");
        assertThat(down.number("/stabilizationWindowSeconds")).isGreaterThanOrEqualTo(600);
        assertThat(down.objects("/policies")).singleElement().satisfies(policy -> {
            assertThat(policy.text("/type")).isEqualTo("Pods");
            assertThat(policy.number("/value")).isEqualTo(1);
            assertThat(policy.number("/periodSeconds"))
                    .isGreaterThan(all().pod().number("/spec/terminationGracePeriodSeconds"));
        });
    }
}
