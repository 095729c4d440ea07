package dev.resound.config;

import dev.resound.setting.InvalidSettings;
import dev.resound.setting.Violation;
import dev.resound.tls.TlsSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Makes a configuration of what the sources hold, or says everything that is wrong with it. Reads no file itself. */
public final class ConfigurationReader {

    private static final String TLS = "http.tls.";

    private final Map<String, Entry> winners = new HashMap<>();
    private final Set<String> broken = new HashSet<>();
    private final List<Problem> problems;

    private ConfigurationReader(Findings findings) {
        problems = new ArrayList<>(findings.problems());
        findings.entries().forEach(this::admit);
    }

    /**
     * The defaults with some settings in their place.
     *
     * @param settings by key, a value as it would stand in a system property, lists with commas
     * @throws InvalidConfiguration naming everything that is wrong
     */
    public static Configuration read(Map<String, String> settings) {
        Map<String, String> properties = new HashMap<>();
        settings.forEach((key, value) -> properties.put(Overrides.PROPERTY_PREFIX + key, value));
        var findings = new Findings();
        Overrides.readProperties(properties, findings);
        return read(findings);
    }

    static Configuration read(Findings findings) {
        return read(findings, unread -> {});
    }

    /** @param files has the rules for the files that settings name, and throws {@link InvalidSettings} where any is broken */
    static Configuration read(Findings findings, Consumer<TlsSettings> files) {
        var reader = new ConfigurationReader(findings);
        Configuration configuration = Assembly.assemble(reader::value, reader::report);
        try {
            files.accept(configuration.http().tls());
        } catch (InvalidSettings unfit) {
            unfit.violations().forEach(violation -> reader.report(TLS + Keys.kebab(violation.component()), violation));
        }
        if (!reader.problems.isEmpty()) {
            throw new InvalidConfiguration(reader.problems);
        }
        return configuration;
    }

    private void admit(Entry entry) {
        String path = entry.path();
        if (Keys.find(path).isPresent()) {
            winners.put(path, entry);
        } else if (!Keys.sections().contains(path)) {
            problems.add(Problem.unknown(path, entry, Suggestion.forPath(path)));
        } else if (!(entry.given() instanceof Given.Nothing)) {
            // A section with all its keys commented out is fine; a value in its place is not.
            problems.add(Problem.broken(
                    path, "must have keys of its own", entry.given().shown(), entry.origin()));
        }
    }

    private Object value(Key key) {
        Entry entry = winners.get(key.path());
        if (entry == null) {
            return key.fallback();
        }
        Optional<Object> value = Notation.parse(key.type(), entry.given());
        if (value.isEmpty()) {
            // Nothing is not the default: an empty list of origins, say, allows all of them.
            String rule = entry.given() instanceof Given.Nothing
                    ? "must have a value; without the key the default holds"
                    : Notation.rule(key.type());
            problems.add(Problem.broken(key.path(), rule, entry.given().shown(), entry.origin()));
            broken.add(key.path());
        }
        return value.orElse(key.fallback());
    }

    private void report(String path, Violation violation) {
        broken.add(path);
        if (broken.stream().anyMatch(violation.rule()::contains)) {
            // Compared with a key whose value is only standing in for a broken one.
            return;
        }
        Entry entry = winners.get(path);
        String found = entry != null && entry.given() instanceof Given.Text text
                ? text.shown()
                : Given.quoted(violation.found());
        problems.add(Problem.broken(path, violation.rule(), found, entry == null ? "the default" : entry.origin()));
    }
}
