package dev.resound.config;

import dev.resound.config.ParsedSources.RawSetting;
import dev.resound.config.ParsedSources.RawValue;
import dev.resound.setting.InvalidSettings;
import dev.resound.setting.InvalidSettings.Violation;
import dev.resound.tls.TlsSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Builds a configuration from parsed sources, or reports all problems together. Reads no file. */
public final class ConfigurationReader {

    private static final String TLS = "http.tls.";

    private final Map<String, RawSetting> winners = new HashMap<>();
    private final Map<String, Object> values = new HashMap<>();
    private final Set<String> broken = new HashSet<>();
    private final List<ConfigurationProblem> problems;

    private ConfigurationReader(ParsedSources parsed) {
        problems = new ArrayList<>(parsed.problems());
        parsed.settings().forEach(this::admit);
    }

    /**
     * The defaults with some settings replaced.
     *
     * @param settings values by key, written as in a system property, lists with commas
     * @throws InvalidConfiguration naming all problems
     */
    public static Configuration read(Map<String, String> settings) {
        Map<String, String> properties = new HashMap<>();
        settings.forEach((key, value) -> properties.put(Overrides.PROPERTY_PREFIX + key, value));
        var parsed = new ParsedSources();
        Overrides.readProperties(properties, parsed);
        return read(parsed);
    }

    static Configuration read(ParsedSources parsed) {
        return read(parsed, unread -> {});
    }

    /** @param files checks the files that settings name, and throws {@link InvalidSettings} if any rule is broken */
    static Configuration read(ParsedSources parsed, Consumer<TlsSettings> files) {
        var reader = new ConfigurationReader(parsed);
        Configuration configuration = RecordBinder.bind(reader::value, reader::report);
        try {
            files.accept(configuration.http().tls());
        } catch (InvalidSettings unfit) {
            unfit.violations().forEach(violation -> reader.report(TLS + Key.kebab(violation.component()), violation));
        }
        if (!reader.problems.isEmpty()) {
            throw new InvalidConfiguration(reader.problems);
        }
        return configuration;
    }

    private void admit(RawSetting setting) {
        String path = setting.path();
        if (Key.find(path).isPresent()) {
            winners.put(path, setting);
        } else if (!Key.sections().contains(path)) {
            // A suggestion takes time and is not needed beyond the length of the report.
            boolean reported = problems.size() < InvalidConfiguration.MOST;
            problems.add(ConfigurationProblem.unknown(setting, reported ? Suggestion.forPath(path) : Optional.empty()));
        } else if (!(setting.value() instanceof RawValue.Nothing)) {
            // A section with all its keys commented out is valid; a value in its place is not.
            String shown = Key.maybeSecret(path, Optional.empty())
                    ? ConfigurationProblem.HIDDEN
                    : setting.value().shown();
            problems.add(ConfigurationProblem.broken(path, "must have keys of its own", shown, setting.origin()));
        }
    }

    /** Called once per key, in the order of the records. */
    private Object value(Key key) {
        RawSetting setting = winners.get(key.path());
        Object value = setting == null ? fallback(key) : parsed(key, setting).orElse(key.fallback());
        values.put(key.path(), value);
        return value;
    }

    private Object fallback(Key key) {
        return key.inheritsFrom().map(values::get).orElse(key.fallback());
    }

    private Optional<Object> parsed(Key key, RawSetting setting) {
        Optional<Object> value = Notation.parse(key.type(), setting.value());
        if (value.isEmpty()) {
            String rule = switch (setting.value()) {
                // A missing value is not the default: an empty list of origins, for example, allows all origins.
                case RawValue.Nothing() -> "must have a value; remove the key to use the default";
                case RawValue.Malformed(String text, String broken) -> broken;
                default -> Notation.rule(key.type());
            };
            String shown =
                    key.secret() ? ConfigurationProblem.HIDDEN : setting.value().shown();
            problems.add(ConfigurationProblem.broken(key.path(), rule, shown, setting.origin()));
            broken.add(key.path());
        }
        return value;
    }

    private void report(String path, Violation violation) {
        RawSetting setting = winners.get(path);
        if (setting == null && Key.find(path).flatMap(Key::inheritsFrom).isPresent()) {
            // Reported for the key that it inherits from.
            return;
        }
        broken.add(path);
        if (broken.stream().anyMatch(violation.rule()::contains)) {
            // The rule compares with a key whose invalid value was replaced by its default.
            return;
        }
        String found = isSecret(path)
                ? ConfigurationProblem.HIDDEN
                : setting != null && setting.value() instanceof RawValue.Text text
                        ? text.shown()
                        : ConfigurationProblem.quoted(violation.found());
        problems.add(ConfigurationProblem.broken(
                path, violation.rule(), found, setting == null ? "the default" : setting.origin()));
    }

    private static boolean isSecret(String path) {
        return Key.find(path).filter(Key::secret).isPresent();
    }
}
