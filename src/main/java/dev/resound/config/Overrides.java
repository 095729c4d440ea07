package dev.resound.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Settings in the environment and in system properties: text by name. */
final class Overrides {

    static final String VARIABLE_PREFIX = "RESOUND_";
    static final String PROPERTY_PREFIX = "resound.";

    /** Such a value is what a template leaves where its own variable is not set; it must not switch a restriction off. */
    private static final String NOT_EMPTY = "must not be empty; remove it to use the file's value or the default";

    private Overrides() {}

    /** The environment variable of a path. */
    static String variable(String path) {
        return VARIABLE_PREFIX + path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    static void readEnvironment(Map<String, String> environment, ParsedSources parsed) {
        // Sorted, so that the same mistakes make the same report.
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith(VARIABLE_PREFIX) && !ServiceLink.isOne(name, value)) {
                readVariable(name, value, parsed);
            }
        });
    }

    private static void readVariable(String name, String value, ParsedSources parsed) {
        Optional<Key> key = Keys.all().stream()
                .filter(known -> known.variable().equals(name))
                .findFirst();
        if (key.isPresent()) {
            parsed.add(new RawSetting(key.get().path(), valueOf(key.get(), value), "environment variable " + name));
        } else {
            Optional<String> meant = Suggestion.forVariable(name.substring(VARIABLE_PREFIX.length()))
                    .map(near -> "%s (%s)".formatted(variable(near), near));
            var setting = new RawSetting(name, new RawValue.Text(value), "environment variable");
            parsed.add(Problem.unknown(setting, meant));
        }
    }

    static void readProperties(Map<String, String> properties, ParsedSources parsed) {
        new TreeMap<>(properties).forEach((name, text) -> {
            if (name.startsWith(PROPERTY_PREFIX)) {
                String path = name.substring(PROPERTY_PREFIX.length());
                RawValue value =
                        Keys.find(path).map(key -> valueOf(key, text)).orElseGet(() -> new RawValue.Text(text));
                parsed.add(new RawSetting(path, value, "system property " + Shown.key(name)));
            }
        });
    }

    /** A list has commas between its entries; {@code []} is the empty list. */
    private static RawValue valueOf(Key key, String text) {
        boolean isList = key.type() == List.class;
        if (text.isBlank()) {
            return new RawValue.Malformed(text, isList ? NOT_EMPTY + "; [] is the empty list" : NOT_EMPTY);
        } else if (!isList) {
            return new RawValue.Text(text);
        } else if (text.strip().equals("[]")) {
            return new RawValue.Items(List.of());
        }
        List<String> entries =
                Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        return entries.contains("")
                ? new RawValue.Malformed(text, "must not have an empty entry; remove the extra comma")
                : new RawValue.Items(entries);
    }
}
