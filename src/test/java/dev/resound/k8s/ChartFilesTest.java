package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.lifecycle.BuildInfo;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files of the chart agree with each other and with the service. */
class ChartFilesTest {

    private static final Pattern KEY = Pattern.compile("^( *)([A-Za-z]+):( .*)?$");

    private static String text(String file) {
        try {
            return Files.readString(Helm.CHART.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Manifest yaml(String file) {
        return Manifests.parse(file, text(file)).all().getFirst();
    }

    private static JsonObject schema() {
        return new JsonObject(text("values.schema.json"));
    }

    @Test
    void chart_and_application_have_the_version_of_the_build() {
        assertThat(yaml("Chart.yaml").text("/version"))
                .isEqualTo(BuildInfo.current().version());
        assertThat(yaml("Chart.yaml").text("/appVersion"))
                .isEqualTo(BuildInfo.current().version());
    }

    @Test
    void the_readme_installs_the_version_of_the_build() {
        String version = BuildInfo.current().version();
        assertThat(Pattern.compile(
                                "--version (\\S+)|targetRevision: (\\S+)|tag: (\\S+)|resound-(\\S+)\\.tgz|resound:(\\d\\S+)")
                        .matcher(text("README.md"))
                        .results()
                        .map(found -> found.group().replaceFirst("(?s).*?(\\d+\\.\\d+\\.\\d+).*", "$1")))
                .isNotEmpty()
                .containsOnly(version);
    }

    // Values and schema.

    /** The values as the schema has them. Content that Kubernetes defines is one value; so are the settings. */
    private static Map<String, JsonObject> values() {
        Map<String, JsonObject> values = new LinkedHashMap<>();
        collect("", schema(), values);
        values.remove("global"); // Set by Helm.
        return values;
    }

    private static void collect(String prefix, JsonObject schema, Map<String, JsonObject> values) {
        schema.getJsonObject("properties").forEach(entry -> {
            var property = (JsonObject) entry.getValue();
            String path = prefix + entry.getKey();
            if (property.containsKey("properties") && !path.equals("settings")) {
                collect(path + ".", property, values);
            } else {
                values.put(path, property);
            }
        });
    }

    @Test
    void the_schema_knows_every_value_and_no_other() {
        Set<String> written = new LinkedHashSet<>();
        collectKeys("", yaml("values.yaml").json(), written);
        assertThat(written).containsExactlyInAnyOrderElementsOf(values().keySet());
    }

    private static void collectKeys(String prefix, JsonObject object, Set<String> keys) {
        object.forEach(entry -> {
            String path = prefix + entry.getKey();
            if (values().containsKey(path)) {
                keys.add(path);
            } else if (entry.getValue() instanceof JsonObject section && !section.isEmpty()) {
                collectKeys(path + ".", section, keys);
            } else {
                keys.add(path);
            }
        });
    }

    @Test
    void every_part_of_the_schema_has_a_description_and_refuses_unknown_keys() {
        assertThat(schema().getBoolean("additionalProperties")).isFalse();
        checkDescriptions("", schema());
    }

    private static void checkDescriptions(String path, JsonObject schema) {
        schema.getJsonObject("properties", new JsonObject()).forEach(entry -> {
            var property = (JsonObject) entry.getValue();
            String name = path + "/" + entry.getKey();
            assertThat(property.getString("description", "")).as(name).isNotBlank();
            if (property.containsKey("properties")) {
                assertThat(property.getValue("additionalProperties")).as(name).isEqualTo(false);
                checkDescriptions(name, property);
            }
        });
    }

    @Test
    void the_comment_above_each_value_is_the_description_in_the_schema() {
        Map<String, String> comments = comments();
        assertThat(values())
                .allSatisfy((path, schema) ->
                        assertThat(comments.get(path)).as(path).isEqualTo(schema.getString("description")));
    }

    /** The comment above each key of values.yaml, by path. */
    private static Map<String, String> comments() {
        Map<String, String> comments = new LinkedHashMap<>();
        String[] path = new String[20];
        StringBuilder comment = new StringBuilder();
        for (String line : text("values.yaml").lines().toList()) {
            String stripped = line.strip();
            if (stripped.startsWith("# ")) {
                comment.append(comment.isEmpty() ? "" : " ").append(stripped.substring(2));
                continue;
            }
            var key = KEY.matcher(line);
            if (key.matches()) {
                int depth = key.group(1).length() / 2;
                path[depth] = key.group(2);
                comments.putIfAbsent(String.join(".", Arrays.asList(path).subList(0, depth + 1)), comment.toString());
            }
            comment.setLength(0);
        }
        return comments;
    }

    @Test
    void the_table_in_the_readme_lists_every_value_with_its_default_and_description() {
        List<String> rows = values().entrySet().stream()
                .map(value -> "| `%s` | %s | %s |"
                        .formatted(
                                value.getKey(),
                                shown(defaultOf(value.getKey())),
                                value.getValue().getString("description")))
                .toList();
        assertThat(text("README.md").lines().filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(rows);
    }

    private static Object defaultOf(String path) {
        return yaml("values.yaml").at("/" + path.replace('.', '/'));
    }

    private static String shown(Object value) {
        String text = value instanceof String string && !string.isEmpty() ? string : spaced(Json.encode(value));
        return text.length() <= 60 ? "`" + text + "`" : "see `values.yaml`";
    }

    /** As people write JSON. No default contains these characters in a text. */
    private static String spaced(String json) {
        return json.replace("\":", "\": ").replace(",", ", ");
    }

    // Settings.

    @Test
    void the_schema_knows_every_setting_but_those_of_tls_and_says_which_are_live() {
        Map<String, Boolean> described = new LinkedHashMap<>();
        collectSettings("", schema().getJsonObject("properties").getJsonObject("settings"), described);
        Map<String, Boolean> expected = new LinkedHashMap<>();
        SettingKeys.all().forEach((path, key) -> {
            if (!path.startsWith("http.tls.")) {
                expected.put(path, key.live());
            }
        });
        assertThat(described).containsExactlyEntriesOf(expected);
    }

    private static void collectSettings(String prefix, JsonObject schema, Map<String, Boolean> settings) {
        schema.getJsonObject("properties").forEach(entry -> {
            var property = (JsonObject) entry.getValue();
            if (property.containsKey("properties")) {
                collectSettings(prefix + entry.getKey() + ".", property, settings);
            } else {
                settings.put(
                        prefix + entry.getKey(),
                        property.getString("description").endsWith(" (live)"));
            }
        });
    }

    // Shared files.

    @Test
    void rules_and_dashboards_exist_once() throws IOException {
        try (var files = Files.walk(Kustomize.FOLDER)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))
                            .filter(List.of("prometheus-rule.yaml", "resound.json", "resound-fleet.json")::contains))
                    .containsExactlyInAnyOrder(
                            "prometheus-rule.yaml", "prometheus-rule.yaml", "resound.json", "resound-fleet.json");
        }
        // The second one is the template, which reads the first.
        assertThat(text("templates/prometheus-rule.yaml")).contains(".Files.Get \"files/prometheus-rule.yaml\"");
        assertThat(text("templates/dashboard.yaml"))
                .contains(".Files.Get \"files/resound.json\"", ".Files.Get \"files/resound-fleet.json\"");
    }
}
