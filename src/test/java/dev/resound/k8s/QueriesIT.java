package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.PrometheusProcess;
import dev.resound.test.RunningResound;
import dev.resound.test.TestCertificate;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real Prometheus scrapes a running service as the operator would have it do, with the shipped rules loaded. Every name, label and
 * label value that rules, dashboard and autoscaler ask for must be there: each series of a closed set is, from the start.
 */
class QueriesIT {

    /** The labels that the operator and the PodMonitor add to targets. */
    private static final Map<String, String> TARGET = Map.of(
            "namespace", "live",
            "installation", "resound",
            "pod", "resound-1",
            "container", "resound",
            "endpoint", "management");

    private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)\\}\\}");

    private static @Nullable RunningResound resound;
    private static @Nullable PrometheusProcess prometheus;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        PrometheusProcess.assumeInstalled();
        Path rules = Monitoring.writeRules(directory);
        // With TLS and a fleet, or there would be no certificate and no fleet to ask for.
        resound = RunningResound.start(
                TestCertificate.ec(directory, "resound").settings("fleet.redis", "redis://127.0.0.1:1"));
        prometheus = PrometheusProcess.scraping(resound, directory, TARGET, List.of(rules.toAbsolutePath()));
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
        if (resound != null) {
            resound.close();
        }
    }

    static List<Query> rules() {
        return Stream.concat(Monitoring.recordings().stream(), Monitoring.alerts().stream())
                .map(rule -> new Query(rule.text("/expr")))
                .toList();
    }

    static List<Manifest> targets() {
        return Monitoring.dashboardTargets();
    }

    /** The series ALERTS is there only while an alert is pending or fires. */
    static List<Query> annotations() {
        return Monitoring.dashboards().stream()
                .flatMap(dashboard -> dashboard.objects("/annotations/list").stream())
                .map(annotation -> new Query(substituted(annotation.text("/expr"))))
                .filter(query -> !query.text().contains("ALERTS{"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("annotations")
    void every_annotation_asks_for_what_is_there(Query query) throws Exception {
        assertEverythingIsThere(query);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void every_rule_asks_for_what_is_there(Query query) throws Exception {
        assertEverythingIsThere(query);
    }

    @ParameterizedTest
    @MethodSource("targets")
    void every_panel_asks_for_what_is_there_and_gets_an_answer(Manifest target) throws Exception {
        var query = new Query(substituted(target.text("/expr")));
        assertEverythingIsThere(query);
        List<JsonObject> answer = await(query.text());
        LEGEND_LABEL
                .matcher(target.text("/legendFormat"))
                .results()
                .forEach(label -> assertThat(answer)
                        .allSatisfy(series -> assertThat(
                                        series.getJsonObject("metric").fieldNames())
                                .contains(label.group(1))));
    }

    @Test
    void the_dashboards_choices_come_from_series_that_are_there() throws Exception {
        for (Manifest variable : Monitoring.dashboards().stream()
                .flatMap(dashboard -> dashboard.objects("/templating/list").stream())
                .toList()) {
            if (variable.text("/type").equals("query")) {
                var call = Pattern.compile("label_values\\((.*), (\\w+)\\)")
                        .matcher(substituted(variable.text("/query/query")));
                assertThat(call.matches()).isTrue();
                assertThat(variable.text("/name")).isEqualTo(call.group(2));
                assertThat(labels(await(call.group(1)))).contains(call.group(2));
            }
        }
    }

    @Test
    void the_adapters_rule_makes_the_autoscalers_metric_for_each_pod() throws Exception {
        Manifest adapter = Manifests.parse(
                        "adapter",
                        Files.readString(Kustomize.FOLDER.resolve(
                                Path.of("components", "autoscaling", "prometheus-adapter-values.yaml"))))
                .all()
                .getFirst()
                .part("/rules/custom/0");
        Manifest autoscaler = Kustomize.overlay("production").the("HorizontalPodAutoscaler");
        assertThat(adapter.text("/name/as")).isEqualTo(autoscaler.text("/spec/metrics/0/pods/metric/name"));
        assertThat(adapter.map("/resources/overrides/namespace")).containsEntry("resource", "namespace");
        assertThat(adapter.map("/resources/overrides/pod")).containsEntry("resource", "pod");
        await(adapter.text("/seriesQuery"));
        List<JsonObject> each = await(adapter.text("/metricsQuery")
                .replace("<<.Series>>", "websocket_connections")
                .replace("<<.LabelMatchers>>", "namespace=\"live\",pod=~\"resound-1|resound-2\"")
                .replace("<<.GroupBy>>", "pod"));
        assertThat(each)
                .singleElement()
                .satisfies(series -> assertThat(series.getJsonObject("metric").getString("pod"))
                        .isEqualTo("resound-1"));
    }

    private static void assertEverythingIsThere(Query query) throws InterruptedException {
        Set<String> labels = new TreeSet<>();
        for (String selector : query.demands()) {
            labels.addAll(labels(await(selector)));
        }
        assertThat(labels).isNotEmpty().containsAll(query.labels());
    }

    private static Set<String> labels(List<JsonObject> answer) {
        Set<String> labels = new TreeSet<>();
        answer.forEach(series -> labels.addAll(series.getJsonObject("metric").fieldNames()));
        return labels;
    }

    private static List<JsonObject> await(String query) throws InterruptedException {
        return Objects.requireNonNull(prometheus).awaitSeries(query);
    }

    /** As Grafana does it with everything chosen. */
    private static String substituted(String query) {
        return query.replace("$namespace", ".*")
                .replace("$installation", ".*")
                .replace("$pod", ".*")
                .replace("$__rate_interval", "1m");
    }
}
