package dev.resound.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.resound.config.ConfigurationReader;
import dev.resound.config.ConfigurationSources;
import dev.resound.config.InvalidConfiguration;
import dev.resound.setting.ByteSize;
import dev.resound.setting.Durations;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables of settings against {@code conf/resound.yaml}, which {@code ShippedFileTest} compares with the code, and against what the
 * code accepts.
 */
class SettingsTest {

    private static final String[] COLUMNS = {"key", "default", "values", "live", "meaning"};

    private static final Pattern RANGE = Pattern.compile("`([^`]+)` to `([^`]+)`.*");
    private static final Pattern ENTRY =
            Pattern.compile("(?<indent> *)(?<comment>#?)(?<name>[\\w-]+):(?: (?<value>.*))?");
    private static final Pattern CHOICE = Pattern.compile("`[^`]+`(, `[^`]+`)+");
    private static final Pattern SETTING = Pattern.compile(
            "(http|management|websocket|drain|telemetry|logging)\\.[a-z0-9.-]+|RESOUND_(HTTP|MANAGEMENT|WEBSOCKET|DRAIN|TELEMETRY|LOGGING)_[A-Z0-9_]+");

    /**
     * A row of a table.
     *
     * @param standard the default
     * @param values the column {@code values} as it is written
     */
    record Setting(String key, String standard, String values, boolean live) {

        @Override
        public String toString() {
            return key;
        }
    }

    static List<Setting> settings() {
        return Markdown.read("src/docs/configuration.md").rows(COLUMNS).stream()
                .map(cells -> new Setting(
                        Markdown.plain(cells.get(0)),
                        Markdown.plain(cells.get(1)).replaceFirst("^empty:.*", "empty"),
                        cells.get(2),
                        cells.get(3).equals("live")))
                .toList();
    }

    static List<Setting> ranges() {
        return settings().stream()
                .filter(setting -> RANGE.matcher(setting.values()).matches())
                .toList();
    }

    static List<Setting> choices() {
        return settings().stream()
                .filter(setting -> CHOICE.matcher(setting.values()).matches())
                .toList();
    }

    static List<Markdown> files() {
        return Markdown.all();
    }

    @Test
    void the_tables_have_every_key_with_its_default_and_whether_it_is_live() throws IOException {
        assertThat(settings())
                .map(setting -> List.<Object>of(setting.key(), setting.standard(), setting.live()))
                .containsExactlyInAnyOrderElementsOf(shipped());
    }

    /** The key, default and liveness of each setting in the shipped file; a key that inherits its value is commented out there. */
    private static List<List<Object>> shipped() throws IOException {
        List<List<Object>> shipped = new ArrayList<>();
        List<String> path = new ArrayList<>();
        String comment = "";
        for (String line : Files.readAllLines(Path.of("conf", "resound.yaml"))) {
            Matcher entry = ENTRY.matcher(line);
            if (entry.matches()) {
                path.subList(entry.group("indent").length() / 2, path.size()).clear();
                path.add(entry.group("name"));
                String value = entry.group("value");
                if (value != null) {
                    String inherited = "the value of websocket." + entry.group("name");
                    String written = value.equals("\"\"") ? "empty" : value;
                    boolean inherits = !entry.group("comment").isEmpty();
                    shipped.add(List.of(
                            String.join(".", path), inherits ? inherited : written, comment.endsWith("(live)")));
                }
            }
            comment = line.strip();
        }
        return shipped;
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void a_range_is_the_one_that_is_enforced(Setting setting) {
        var range = RANGE.matcher(setting.values());
        assertThat(range.matches()).isTrue();
        String least = range.group(1);
        String most = range.group(2);
        boolean orZero = setting.values().endsWith(", or `0`");

        assertThat(problem(setting.key(), least)).isEmpty();
        assertThat(problem(setting.key(), most)).isEmpty();
        assertThat(problem(setting.key(), step(least, -1))).isNotEmpty();
        assertThat(problem(setting.key(), step(most, 1))).isNotEmpty();
        assertThat(problem(setting.key(), "0").isEmpty()).isEqualTo(orZero || least.matches("0s?"));
    }

    /** The value that is one unit larger or smaller: a number, a byte or a millisecond. */
    private static String step(String value, int by) {
        if (value.matches("\\d+")) {
            return String.valueOf(Long.parseLong(value) + by);
        } else if (value.endsWith("B")) {
            return (ByteSize.parse(value).bytes() + by) + "B";
        }
        Duration stepped = Durations.parse(value).plusMillis(by);
        return stepped.isNegative() ? "-PT0.001S" : Durations.format(stepped);
    }

    @ParameterizedTest
    @MethodSource("choices")
    void the_choices_are_those_that_exist(Setting setting) {
        List<String> choices =
                Stream.of(setting.values().split(", ", -1)).map(Markdown::plain).toList();
        assertThat(choices)
                .allSatisfy(choice -> assertThat(problem(setting.key(), choice)).isEmpty());
        String rule = problem(setting.key(), "nonsense").orElseThrow();
        assertThat(Stream.of(rule.replaceFirst("must be (one of )?", "").split(",? or |, ", -1)))
                .containsExactlyInAnyOrderElementsOf(choices);
    }

    /** The rule that a value breaks; empty if it is accepted. */
    private static Optional<String> problem(String key, String value) {
        try {
            ConfigurationReader.read(Map.of(key, value));
            return Optional.empty();
        } catch (InvalidConfiguration invalid) {
            return Optional.of(invalid.problems().getFirst().rule());
        }
    }

    @Test
    void the_readme_has_ten_settings_with_their_defaults_and_the_port_first() {
        List<List<String>> rows = Markdown.readme().rows("key", "default", "what it does");
        assertThat(rows).hasSize(10);
        assertThat(rows.getFirst().getFirst()).isEqualTo("`http.port`");
        Map<String, String> defaults = new LinkedHashMap<>();
        settings().forEach(setting -> defaults.put(setting.key(), setting.standard()));
        assertThat(rows)
                .allSatisfy(cells ->
                        assertThat(defaults).containsEntry(Markdown.plain(cells.get(0)), Markdown.plain(cells.get(1))));
    }

    @ParameterizedTest
    @MethodSource("files")
    void every_setting_that_is_named_exists(Markdown markdown) {
        List<String> known = settings().stream()
                .map(Setting::key)
                .flatMap(key ->
                        Stream.of(key, "RESOUND_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_")))
                .toList();
        assertThat(markdown.codeSpans().stream()
                        .map(SETTING::matcher)
                        .filter(Matcher::lookingAt)
                        .map(Matcher::group)
                        .toList())
                .as("settings named in %s", markdown.file())
                .allMatch(name -> isPackage(name)
                        || known.stream().anyMatch(key -> key.equals(name) || key.startsWith(name + ".")));
    }

    /** Some packages have the names of settings. */
    private static boolean isPackage(String name) {
        return Files.isDirectory(Path.of("src/main/java/dev/resound", name.split("\\.", -1)));
    }

    @Test
    void the_example_of_an_error_report_is_what_the_service_prints() {
        Vertx vertx = Vertx.vertx();
        try {
            var sources = new ConfigurationSources(
                    Path.of("conf", "resound.yaml"),
                    Map.of("RESOUND_HTTP_PROT", "80", "RESOUND_WEBSOCKET_KEEP_ALIVE_INTERVAL", "25"),
                    Map.of());
            Throwable report = catchThrowable(() -> sources.load(vertx).await());
            assertThat(Markdown.read("src/docs/configuration.md").codeBlocks(""))
                    .contains(report.getMessage() + "\n");
        } finally {
            vertx.close().await();
        }
    }
}
