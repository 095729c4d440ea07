package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.resound.lifecycle.BuildInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Helm chart renders what Kustomize renders, and every value has its effect. */
class ChartIT {

    /** The differences between base and chart, by resource and field, each with its reason. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            ".* /metadata/labels/app.kubernetes.io/managed-by", "names the tool",
            ".* /metadata/labels/helm.sh/chart", "a label that Helm asks of charts",
            "Deployment resound /spec/template/metadata/labels/app.kubernetes.io/managed-by", "names the tool",
            "ConfigMap resound-conf /data/resound.yaml", "Helm writes no comments; another test compares the settings");

    /** Components, and the values that render the same. */
    private static final Map<List<String>, String> COMPONENTS = Map.ofEntries(
            Map.entry(List.of("autoscaling"), "autoscaling.enabled=true"),
            Map.entry(List.of("httproute"), "httpRoute.enabled=true"),
            Map.entry(List.of("httproute", "backend-tls"), "httpRoute.enabled=true,httpRoute.backendTls.enabled=true"),
            Map.entry(List.of("fleet"), "fleet.enabled=true"),
            Map.entry(List.of("ingress"), "ingress.enabled=true"),
            Map.entry(
                    List.of("monitoring"),
                    "podMonitor.enabled=true,prometheusRule.enabled=true,dashboard.enabled=true"),
            Map.entry(List.of("network-policy"), "networkPolicy.enabled=true"),
            Map.entry(List.of("openshift"), "podSecurityContext.runAsUser=null,podSecurityContext.runAsGroup=null"),
            Map.entry(List.of("route"), "route.enabled=true"),
            Map.entry(List.of("tls"), "tls.enabled=true"),
            Map.entry(
                    List.of("httproute", "route", "tls"),
                    "httpRoute.enabled=true,route.enabled=true,tls.enabled=true"));

    /** The live settings that the grace period of the pods follows. */
    private static final Set<String> OF_THE_DRAIN = Set.of("drain.delay", "drain.period", "websocket.closing-timeout");

    static List<Manifests> ci() {
        return Helm.ci();
    }

    static List<Path> valueFiles() {
        return Helm.valueFiles();
    }

    static Set<List<String>> components() {
        return COMPONENTS.keySet();
    }

    private static Manifests defaults() {
        return Helm.template("resound", Helm.CHART.resolve("ci/default-values.yaml"));
    }

    // Equal to the Kustomize manifests.

    @Test
    void the_defaults_render_the_base_field_by_field_except_named_differences() {
        assertThat(differences(Kustomize.baseWith(List.of()), defaults()))
                .allMatch(difference -> DIFFERENCES.keySet().stream().anyMatch(difference::matches));
    }

    @Test
    void every_named_difference_exists() {
        assertThat(DIFFERENCES.keySet())
                .allSatisfy(named -> assertThat(differences(Kustomize.baseWith(List.of()), defaults()))
                        .anyMatch(difference -> difference.matches(named)));
    }

    @Test
    void the_settings_of_the_defaults_are_those_of_the_base() {
        assertThat(ShippedSettings.of(defaults())).isEqualTo(ShippedSettings.of(Kustomize.baseWith(List.of())));
    }

    @ParameterizedTest
    @MethodSource("components")
    void values_render_the_components_field_by_field_except_named_differences(List<String> components) {
        String values = Objects.requireNonNull(COMPONENTS.get(components));
        assertThat(differences(overlay(components), Helm.templateSet("resound", values)))
                .allMatch(difference -> DIFFERENCES.keySet().stream().anyMatch(difference::matches));
    }

    @Test
    void values_render_the_production_overlay_but_for_its_namespace() {
        Manifests overlay = Kustomize.overlay("production");
        Manifests chart = Helm.template("resound", Helm.CHART.resolve("ci/production-values.yaml"));
        assertThat(differences(overlay, chart))
                .filteredOn(difference -> !difference.matches("Namespace .*|.* /metadata/namespace"))
                .allMatch(difference -> DIFFERENCES.keySet().stream().anyMatch(difference::matches));
        assertThat(ShippedSettings.of(chart)).isEqualTo(ShippedSettings.of(overlay));
    }

    /** With the labels that an overlay adds to everything. */
    private static Manifests overlay(List<String> components) {
        return Kustomize.custom("chart+" + String.join("+", components), """
                resources: [../../../k8s/base]
                components: %s
                labels:
                  - pairs:
                      app.kubernetes.io/instance: resound
                      app.kubernetes.io/version: "%s"
                """.formatted(
                        Kustomize.paths(components), BuildInfo.current().version()));
    }

    @Test
    void the_chart_offers_every_component() {
        assertThat(COMPONENTS.keySet().stream().flatMap(List::stream)).containsAll(Kustomize.components());
    }

    /** The fields that differ, as in {@code Service resound /spec/type}. */
    private static Set<String> differences(Manifests base, Manifests chart) {
        Map<String, Object> expected = fields(base);
        Map<String, Object> actual = fields(chart);
        return Stream.concat(expected.keySet().stream(), actual.keySet().stream())
                .filter(field -> !Objects.equals(expected.get(field), actual.get(field)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every field of every resource. The pod of the test is a hook of Helm, which Kustomize has no counterpart for. */
    private static Map<String, Object> fields(Manifests manifests) {
        Map<String, Object> fields = new TreeMap<>();
        installed(manifests)
                .forEach(manifest -> flatten(manifest.kind() + " " + manifest.name() + " ", manifest.json(), fields));
        return fields;
    }

    private static void flatten(String prefix, Object value, Map<String, Object> fields) {
        if (value instanceof JsonObject object && !object.isEmpty()) {
            object.forEach(entry -> flatten(prefix + "/" + entry.getKey(), entry.getValue(), fields));
        } else if (value instanceof JsonArray array && !array.isEmpty()) {
            for (int i = 0; i < array.size(); i++) {
                flatten(prefix + "/" + element(array, i), array.getValue(i), fields);
            }
        } else {
            fields.put(prefix, value);
        }
    }

    /** An element's name if it has one, as volumes and variables do: their order has no meaning. Otherwise its index. */
    private static String element(JsonArray array, int index) {
        return array.getValue(index) instanceof JsonObject object
                ? object.getString("name", String.valueOf(index))
                : String.valueOf(index);
    }

    private static List<Manifest> installed(Manifests manifests) {
        return manifests.all().stream()
                .filter(manifest -> !manifest.has("/metadata/annotations/helm.sh~1hook"))
                .toList();
    }

    // Every rendering.

    @ParameterizedTest
    @MethodSource("valueFiles")
    void the_chart_passes_a_strict_lint(Path values) {
        var result = Helm.run("lint", "--strict", Helm.CHART.toString(), "--values", values.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @ParameterizedTest
    @MethodSource("ci")
    void each_resource_exists_once_in_the_stable_version_of_its_kind_with_fields_of_that_kind(Manifests manifests) {
        assertThat(manifests.all())
                .allSatisfy(manifest -> assertThat(manifest.text("/apiVersion")).isEqualTo(Models.apiVersion(manifest)))
                .allSatisfy(
                        manifest -> assertThatCode(() -> Models.read(manifest)).doesNotThrowAnyException())
                .extracting(manifest -> manifest.kind() + " " + manifest.name())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("ci")
    void everything_has_the_recommended_labels_and_pods_too(Manifests manifests) {
        String version = manifests.deployment().labels().get("app.kubernetes.io/version");
        assertThat(Stream.concat(installed(manifests).stream(), Stream.of(manifests.pod())))
                .allSatisfy(manifest -> assertThat(manifest.labels())
                        .containsEntry("app.kubernetes.io/name", "resound")
                        .containsEntry("app.kubernetes.io/instance", "resound")
                        .containsEntry("app.kubernetes.io/component", "server")
                        .containsEntry("app.kubernetes.io/part-of", "resound")
                        .containsEntry("app.kubernetes.io/version", version)
                        .containsEntry("app.kubernetes.io/managed-by", "Helm"));
        assertThat(manifests.all())
                .allSatisfy(manifest -> assertThat(manifest.labels()).containsKey("helm.sh/chart"));
    }

    @ParameterizedTest
    @MethodSource("ci")
    void every_pod_passes_the_restricted_profile_of_pod_security(Manifests manifests) {
        assertThat(podSpecs(manifests)).allSatisfy(ChartIT::assertRestricted);
    }

    /** The service's pod, and that of the test if there is one. */
    private static List<Manifest> podSpecs(Manifests manifests) {
        return Stream.concat(Stream.of(manifests.pod()), manifests.of("Pod").stream())
                .map(pod -> pod.part("/spec"))
                .toList();
    }

    /** https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
    private static void assertRestricted(Manifest pod) {
        assertThat(pod.at("/securityContext/runAsNonRoot")).isEqualTo(true);
        assertThat(pod.text("/securityContext/seccompProfile/type")).isEqualTo("RuntimeDefault");
        assertThat(pod.objects("/containers")).allSatisfy(container -> {
            assertThat(container.at("/securityContext/allowPrivilegeEscalation"))
                    .isEqualTo(false);
            assertThat(container.at("/securityContext/readOnlyRootFilesystem")).isEqualTo(true);
            assertThat(container.texts("/securityContext/capabilities/drop")).containsExactly("ALL");
            assertThat(container.has("/securityContext/capabilities/add")).isFalse();
        });
        assertThat(pod.at("/automountServiceAccountToken")).isEqualTo(false);
        assertThat(pod.at("/enableServiceLinks")).isEqualTo(false);
        assertThat(pod.json().encode()).doesNotContain("hostPath", "hostNetwork", "hostPort", "hostPID");
    }

    @ParameterizedTest
    @MethodSource("ci")
    void every_reference_leads_to_a_resource_of_the_release(Manifests manifests) {
        Manifest service = manifests.the("Service");
        int port = service.number("/spec/ports/0/port");
        String deployment = manifests.deployment().name();
        manifests.pod().objects("/spec/volumes").stream()
                .filter(volume -> volume.has("/configMap"))
                .forEach(volume -> assertThat(manifests.configMap(volume.text("/configMap/name")))
                        .isNotNull());
        if (manifests.has("ServiceAccount")) {
            assertThat(manifests.pod().text("/spec/serviceAccountName"))
                    .isEqualTo(manifests.the("ServiceAccount").name());
        }
        assertThat(manifests.of("HTTPRoute")).allSatisfy(route -> {
            assertThat(route.text("/spec/rules/0/backendRefs/0/name")).isEqualTo(service.name());
            assertThat(route.number("/spec/rules/0/backendRefs/0/port")).isEqualTo(port);
        });
        assertThat(manifests.of("BackendTLSPolicy")).allSatisfy(policy -> {
            assertThat(policy.text("/spec/targetRefs/0/name")).isEqualTo(service.name());
            assertThat(policy.text("/spec/targetRefs/0/sectionName")).isEqualTo(service.text("/spec/ports/0/name"));
        });
        assertThat(manifests.of("Ingress").stream()
                        .flatMap(ingress -> ingress.objects("/spec/rules").stream())
                        .map(rule -> rule.part("/http/paths/0/backend/service")))
                .allSatisfy(backend -> {
                    assertThat(backend.text("/name")).isEqualTo(service.name());
                    assertThat(backend.text("/port/name")).isEqualTo(service.text("/spec/ports/0/name"));
                });
        assertThat(manifests.of("Route")).allSatisfy(route -> {
            assertThat(route.text("/spec/to/name")).isEqualTo(service.name());
            assertThat(route.text("/spec/port/targetPort")).isEqualTo(service.text("/spec/ports/0/name"));
        });
        assertThat(manifests.of("HorizontalPodAutoscaler")).allSatisfy(autoscaler -> {
            assertThat(autoscaler.text("/spec/scaleTargetRef/name")).isEqualTo(deployment);
            assertThat(manifests.deployment().has("/spec/replicas")).isFalse();
        });
        assertThat(manifests.of("Pod"))
                .allSatisfy(pod -> assertThat(pod.texts("/spec/containers/0/args"))
                        .anyMatch(argument -> argument.matches("wss?://" + service.name() + ":" + port + "/\\w+")));
    }

    @ParameterizedTest
    @MethodSource("ci")
    void every_selector_selects_the_pods_of_the_service_and_not_the_pod_of_the_test(Manifests manifests) {
        assertThat(selectors(manifests)).isNotEmpty().allSatisfy(selector -> {
            assertThat(selector).isNotEmpty();
            assertThat(manifests.pod()).matches(pod -> selects(selector, pod));
            assertThat(manifests.of("Pod")).noneMatch(test -> selects(selector, test));
        });
    }

    private static List<Map<String, String>> selectors(Manifests manifests) {
        List<Map<String, String>> selectors = new ArrayList<>();
        selectors.add(manifests.the("Service").map("/spec/selector"));
        for (String kind : List.of("Deployment", "PodDisruptionBudget", "PodMonitor")) {
            manifests.of(kind).forEach(manifest -> selectors.add(manifest.map("/spec/selector/matchLabels")));
        }
        manifests.of("NetworkPolicy").forEach(policy -> selectors.add(policy.map("/spec/podSelector/matchLabels")));
        if (manifests.pod().has("/spec/topologySpreadConstraints")) {
            manifests
                    .pod()
                    .objects("/spec/topologySpreadConstraints")
                    .forEach(spread -> selectors.add(spread.map("/labelSelector/matchLabels")));
        }
        return selectors;
    }

    /** With TLS, the service would look for the files of the Secret. */
    static List<Manifests> ciWithoutTls() {
        return Helm.ci().stream()
                .filter(manifests ->
                        manifests.pod().objects("/spec/volumes").stream().noneMatch(volume -> volume.has("/secret")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("ciWithoutTls")
    void the_service_accepts_its_settings_and_listens_where_the_container_says(Manifests manifests) {
        var settings = ShippedSettings.of(manifests);
        assertThat(manifests.container().objects("/ports"))
                .extracting(port -> port.text("/name") + " " + port.number("/containerPort"))
                .containsExactly(
                        "http " + settings.http().port(),
                        "management " + settings.management().port());
    }

    // Values.

    @ParameterizedTest
    @CsvSource({"10s, 20s, 5s, 45", "0s, 0s, 1ms, 11", "1m, 250ms, 1500ms, 72", "1h, 1d, 1ms, 90011"})
    void the_grace_period_is_the_longest_drain_rounded_up_and_ten_seconds(
            String delay, String period, String closing, int seconds) {
        Manifests manifests = Helm.templateSet(
                "resound",
                "settings.drain.delay=%s,settings.drain.period=%s,settings.websocket.closing-timeout=%s"
                        .formatted(delay, period, closing));
        assertThat(manifests.pod().number("/spec/terminationGracePeriodSeconds"))
                .isEqualTo(seconds);
    }

    @Test
    void without_settings_the_grace_period_follows_the_defaults_of_the_service() {
        Manifests manifests = Helm.templateSet("resound", "settings.drain=null,settings.websocket=null");
        var settings = ShippedSettings.of(manifests);
        assertThat(manifests.pod().number("/spec/terminationGracePeriodSeconds"))
                .isEqualTo(settings.drain()
                        .delay()
                        .plus(settings.drain().period())
                        .plus(settings.websocket().closingTimeout())
                        .plusSeconds(10)
                        .toSeconds());
    }

    /** Without those of TLS, which the chart sets. */
    static List<String> keys() {
        return SettingKeys.all().keySet().stream()
                .filter(key -> !key.startsWith("http.tls."))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_change_of_a_setting_replaces_the_pods_only_if_the_service_does_not_reload_it(String key) {
        SettingKeys.Key setting = Objects.requireNonNull(SettingKeys.all().get(key));
        var rendered = Helm.run(
                "template", "resound", Helm.CHART.toString(), "--set-json", "settings." + key + "=" + setting.other());
        assertThat(rendered.exitCode()).as(rendered.output()).isZero();
        Manifests changed = Manifests.parse(key, rendered.output());
        Set<String> changes = differences(defaults(), changed).stream()
                .filter(field -> field.startsWith("Deployment "))
                .collect(Collectors.toSet());
        if (!setting.live()) {
            assertThat(changes).contains("Deployment resound /spec/template/metadata/annotations/checksum/settings");
        } else if (OF_THE_DRAIN.contains(key)) {
            assertThat(changes).containsExactly("Deployment resound /spec/template/spec/terminationGracePeriodSeconds");
        } else {
            assertThat(changes).isEmpty();
        }
        assertThat(ShippedSettings.file(changed)).isNotEqualTo(ShippedSettings.file(defaults()));
    }

    @Test
    void another_value_of_a_setting_that_needs_a_restart_gives_another_checksum() {
        assertThat(Stream.of("json", "text")
                        .map(format -> Helm.templateSet("resound", "settings.logging.format=" + format)
                                .pod()
                                .text("/metadata/annotations/checksum~1settings")))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_digest_decides_instead_of_the_tag() {
        String digest = "sha256:" + "0".repeat(64);
        assertThat(Helm.templateSet(
                                "resound", "image.repository=r.example.com/x,image.tag=2.1.0,image.digest=" + digest)
                        .container()
                        .text("/image"))
                .isEqualTo("r.example.com/x@" + digest);
        assertThat(Helm.templateSet("resound", "image.repository=r.example.com/x,image.tag=2.1.0")
                        .container()
                        .text("/image"))
                .isEqualTo("r.example.com/x:2.1.0");
    }

    @Test
    void every_alert_links_to_the_runbook_of_the_values() {
        String runbook = "https://wiki.example.com/runbooks/resound.md";
        Manifests manifests =
                Helm.templateSet("resound", "prometheusRule.enabled=true,prometheusRule.runbookUrl=" + runbook);
        assertThat(Monitoring.alerts(manifests))
                .isNotEmpty()
                .allSatisfy(alert -> assertThat(alert.text("/annotations/runbook_url"))
                        .isEqualTo(runbook + "#" + alert.text("/alert").toLowerCase(Locale.ROOT)));
    }

    @Test
    void there_is_no_test_where_it_could_not_connect() {
        assertThat(defaults().has("Pod")).isTrue();
        assertThat(Stream.of(
                        "test.enabled=false",
                        "tls.enabled=true,tls.clientCa=true",
                        "settings.http.proxy-protocol=true"))
                .allSatisfy(
                        values -> assertThat(Helm.templateSet("resound", values).has("Pod"))
                                .isFalse());
    }

    // Releases.

    @ParameterizedTest
    @CsvSource({"resound, resound-blue", "a, a-resound", "a, b", "r, resound"})
    void two_releases_in_one_namespace_share_no_resource_and_select_no_pod_of_the_other(String one, String other) {
        Path everything = Helm.CHART.resolve("ci/production-values.yaml");
        Manifests first = Helm.template(one, everything);
        Manifests second = Helm.template(other, everything);
        assertThat(names(first)).doesNotContainAnyElementsOf(names(second));
        assertThat(selectors(first)).noneMatch(selector -> selects(selector, second.pod()));
        assertThat(selectors(second)).noneMatch(selector -> selects(selector, first.pod()));
    }

    private static boolean selects(Map<String, String> selector, Manifest pod) {
        return pod.labels().entrySet().containsAll(selector.entrySet());
    }

    private static List<String> names(Manifests manifests) {
        return manifests.all().stream()
                .map(manifest -> manifest.kind() + " " + manifest.name())
                .toList();
    }

    // The README.

    static List<JsonObject> valuesOfReadme() throws IOException {
        return Pattern.compile("^```yaml\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(Helm.CHART.resolve("README.md")))
                .results()
                .flatMap(block -> Manifests.parse("README.md", block.group(1)).all().stream())
                .flatMap(document -> Stream.of("/spec/source/helm/valuesObject", "/spec/values")
                        .filter(document::has)
                        .map(document::part)
                        .findFirst()
                        .or(() -> Optional.of(document).filter(values -> !values.has("/kind")))
                        .stream())
                .map(Manifest::json)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("valuesOfReadme")
    void the_values_in_the_readme_are_valid(JsonObject values, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("values.yaml"), values.encode());
        var result = Helm.run("template", "resound", Helm.CHART.toString(), "--values", file.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @Test
    void the_readme_has_values_for_helm_argo_cd_flux_and_openshift() throws IOException {
        assertThat(valuesOfReadme()).hasSize(4);
    }

    // The schema.

    static Map<String, String> mistakes() {
        Map<String, String> mistakes = new LinkedHashMap<>();
        mistakes.put("replica=3", "additional properties 'replica' not allowed");
        mistakes.put("replicas=two", "at '/replicas': got string, want integer");
        mistakes.put("image=resound:1", "at '/image': got string, want object");
        mistakes.put("image.digest=abc", "at '/image/digest': 'abc' does not match pattern");
        mistakes.put("tls.enable=true", "at '/tls': additional properties 'enable' not allowed");
        mistakes.put("service.type=External", "at '/service/type': value must be one of 'ClusterIP'");
        mistakes.put("settings.drain.delay=10", "at '/settings/drain/delay': got number, want string");
        mistakes.put("settings.websocket.keepAlive=1s", "at '/settings/websocket': additional properties 'keepAlive'");
        mistakes.put("settings.websocket.keep-alive-interval=soon", "'soon' does not match pattern");
        mistakes.put("settings.http.tls.key=a", "at '/settings/http': additional properties 'tls' not allowed");
        mistakes.put("settings.http.port=0", "at '/settings/http/port': minimum: got 0, want 1");
        mistakes.put("prometheusRule.runbookUrl=a#b", "at '/prometheusRule/runbookUrl': 'a#b' does not match pattern");
        return mistakes;
    }

    static List<String> mistakenValues() {
        return List.copyOf(mistakes().keySet());
    }

    @ParameterizedTest
    @MethodSource("mistakenValues")
    void a_mistake_is_refused_with_its_place_and_the_reason(String values) {
        var result = Helm.run("template", "resound", Helm.CHART.toString(), "--set", values);
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains(mistakes().get(values));
    }

    /** Helm hands the globals of the parent to every subchart. */
    @Test
    void the_chart_works_as_a_subchart() {
        assertThat(Helm.templateSet("resound", "global.imageRegistry=a").deployment())
                .isEqualTo(defaults().deployment());
    }
}
