package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How Prometheus finds the pods and Grafana the dashboard. */
class MonitoringIT {

    @Test
    void the_pod_monitor_scrapes_the_management_port_of_the_pods() {
        Manifests all = Monitoring.manifests();
        Manifest endpoint = all.the("PodMonitor").part("/spec/podMetricsEndpoints/0");
        assertThat(all.container().objects("/ports"))
                .anyMatch(port -> port.text("/name").equals(endpoint.text("/port")));
        assertThat(endpoint.text("/port")).isEqualTo("management");
        assertThat(endpoint.text("/path")).isEqualTo("/metrics");
    }

    /** The rules, the dashboard and the adapter select by it. */
    @Test
    void the_label_job_is_resound() {
        Manifests all = Monitoring.manifests();
        assertThat(all.pod().labels()).containsEntry(all.the("PodMonitor").text("/spec/jobLabel"), "resound");
    }

    @Test
    void grafanas_sidecar_finds_the_dashboards_which_keep_their_names() {
        assertThat(Monitoring.manifests().configMap("resound-dashboard").labels())
                .containsEntry("grafana_dashboard", "1");
        assertThat(Monitoring.dashboards())
                .extracting(dashboard -> dashboard.text("/uid"))
                .containsExactly("resound", "resound-fleet");
    }

    @Test
    void every_panel_says_what_it_shows_and_asks_the_chosen_data_source() {
        assertThat(Monitoring.dashboards())
                .allSatisfy(dashboard -> assertThat(dashboard.objects("/panels"))
                        .allSatisfy(panel -> assertThat(panel.text("/description"))
                                .as(panel.text("/title"))
                                .isNotBlank())
                        .extracting(panel -> panel.number("/id"))
                        .doesNotHaveDuplicates());
        List<Manifest> panels = Monitoring.dashboards().stream()
                .flatMap(dashboard -> dashboard.objects("/panels").stream())
                .toList();
        assertThat(Stream.of(panels, Monitoring.dashboardTargets(), annotations())
                        .flatMap(List::stream))
                .allSatisfy(asking -> assertThat(asking.text("/datasource/uid")).isEqualTo("${datasource}"));
        assertThat(Monitoring.dashboard().objects("/templating/list"))
                .extracting(variable -> variable.text("/name") + " " + variable.text("/type"))
                .containsExactly("datasource datasource", "namespace query", "installation query", "pod query");
    }

    @Test
    void annotations_mark_firing_alerts_and_rollouts() {
        assertThat(annotations())
                .extracting(annotation -> annotation.text("/name"))
                .containsExactly("Firing alerts", "New pods", "Draining pods");
        assertThat(annotations())
                .allMatch(annotation -> annotation.at("/enable").equals(true));
    }

    private static List<Manifest> annotations() {
        return Monitoring.dashboard().objects("/annotations/list");
    }

    @Test
    void panels_do_not_cover_one_another() {
        assertThat(Monitoring.dashboards())
                .allSatisfy(dashboard -> assertThat(
                                dashboard.objects("/panels").stream().flatMap(MonitoringIT::cells))
                        .doesNotHaveDuplicates());
    }

    private static Stream<String> cells(Manifest panel) {
        int left = panel.number("/gridPos/x");
        int top = panel.number("/gridPos/y");
        return Stream.iterate(left, x -> x < left + panel.number("/gridPos/w"), x -> x + 1)
                .flatMap(x -> Stream.iterate(top, y -> y < top + panel.number("/gridPos/h"), y -> y + 1)
                        .map(y -> x + ":" + y));
    }
}
