package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.setting.Durations;
import dev.resound.test.PrometheusProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alerts and recorded series, judged by {@code promtool}, and the runbook. */
class RulesIT {

    private static final Path CASES = Path.of("src", "test", "resources", "prometheus", "rules-test.yaml");

    /** A series with the label {@code http}: its name and labels, the text before its values, and the values. */
    private static final Pattern SPLIT_BY_HTTP = Pattern.compile(
            "^( +- series: websocket_(?:connections|connections_closed_total|handshakes_total)\\{[^}]*)\\}(\\s+values: )(.*)$",
            Pattern.MULTILINE);

    @TempDir
    private Path directory;

    static List<Manifest> alerts() {
        return Monitoring.alerts();
    }

    static List<Manifest> recordings() {
        return Monitoring.recordings();
    }

    @Test
    void promtool_accepts_the_rules_and_each_case_comes_out_as_it_says() throws Exception {
        PrometheusProcess.assumeInstalled();
        Monitoring.writeRules(directory);
        Files.copy(CASES, directory.resolve("rules-test.yaml"));
        assertThat(PrometheusProcess.promtool(directory, "check", "rules", "rules.yaml"))
                .contains("SUCCESS: " + (alerts().size() + recordings().size()) + " rules found");
        assertThat(PrometheusProcess.promtool(directory, "test", "rules", "rules-test.yaml"))
                .contains("SUCCESS");
    }

    /** The cases leave out the label {@code http}. With it, a pod has two series where a case has one. */
    @Test
    void the_rules_give_the_same_answers_when_series_are_split_by_http_protocol() throws Exception {
        PrometheusProcess.assumeInstalled();
        Monitoring.writeRules(directory);
        String cases = Files.readString(CASES);
        String split = SPLIT_BY_HTTP.matcher(cases).replaceAll(RulesIT::splitByHttp);
        assertThat(split).isNotEqualTo(cases);
        Files.writeString(directory.resolve("rules-test.yaml"), split);
        assertThat(PrometheusProcess.promtool(directory, "test", "rules", "rules-test.yaml"))
                .contains("SUCCESS");
    }

    /** The series over HTTP/2 gets the values, and the one over HTTP/1.1 a zero for each. */
    private static String splitByHttp(MatchResult series) {
        String zeros = series.group(3).replaceAll("(?<![x\\d])-?\\d[-+\\d]*", "0");
        return Matcher.quoteReplacement("%1$s,http=\"2\"}%2$s%3$s\n%1$s,http=\"1.1\"}%2$s%4$s"
                .formatted(series.group(1), series.group(2), series.group(3), zeros));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent(Manifest alert) throws IOException {
        List<Manifest> cases = cases("/alert_rule_test")
                .filter(one -> one.text("/alertname").equals(alert.text("/alert")))
                .toList();
        assertThat(cases).anyMatch(one -> one.objects("/exp_alerts").isEmpty());
        assertThat(cases).anyMatch(one -> !one.objects("/exp_alerts").isEmpty());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void each_recorded_series_has_a_case(Manifest recording) throws IOException {
        assertThat(cases("/promql_expr_test")).anyMatch(one -> one.text("/expr").equals(recording.text("/record")));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void each_alert_says_what_is_wrong_how_bad_it_is_and_where_the_runbook_is(Manifest alert) {
        String name = alert.text("/alert");
        assertThat(alert.text("/labels/severity")).isIn("critical", "warning");
        assertThat(alert.text("/annotations/summary")).contains("Resound");
        assertThat(alert.text("/annotations/description")).isNotBlank();
        assertThat(alert.text("/annotations/runbook_url"))
                .isEqualTo("https://git.example.com/resound/blob/main/k8s/runbook.md#" + name.toLowerCase(Locale.ROOT));
    }

    @Test
    void the_runbook_has_one_section_for_each_alert_and_no_other() throws IOException {
        assertThat(Files.readAllLines(Kustomize.FOLDER.resolve("runbook.md")))
                .filteredOn(line -> line.startsWith("## Resound"))
                .containsExactlyInAnyOrderElementsOf(alerts().stream()
                        .map(alert -> "## " + alert.text("/alert"))
                        .distinct()
                        .toList());
    }

    @Test
    void an_overlay_sets_the_address_of_the_runbook_in_one_place() {
        Manifests changed = Kustomize.custom("runbook", """
                resources: [../../../k8s/base]
                components: [../../../k8s/components/monitoring]
                configMapGenerator:
                  - name: resound-parameters
                    behavior: merge
                    literals: [runbook=https://wiki.example.org/resound]
                """);
        assertThat(Monitoring.alerts(changed))
                .hasSameSizeAs(alerts())
                .allSatisfy(alert -> assertThat(alert.text("/annotations/runbook_url"))
                        .isEqualTo("https://wiki.example.org/resound#"
                                + alert.text("/alert").toLowerCase(Locale.ROOT)));
    }

    @Test
    void a_drain_is_stuck_when_it_lasts_longer_than_any_pod_is_granted() {
        Manifest alert = alerts().stream()
                .filter(candidate -> candidate.text("/alert").equals("ResoundDrainStuck"))
                .findFirst()
                .orElseThrow();
        assertThat(Kustomize.overlays())
                .allSatisfy(overlay -> assertThat(Durations.parse(alert.text("/for")))
                        .isGreaterThan(
                                Duration.ofSeconds(overlay.pod().number("/spec/terminationGracePeriodSeconds"))));
    }

    private static Stream<Manifest> cases(String kind) throws IOException {
        return Manifests.parse("rules-test.yaml", Files.readString(CASES)).all().getFirst().objects("/tests").stream()
                .filter(test -> test.has(kind))
                .flatMap(test -> test.objects(kind).stream());
    }
}
