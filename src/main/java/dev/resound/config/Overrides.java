package dev.resound.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Settings that stand in the environment and in system properties: text by name. */
final class Overrides {

    static final String VARIABLE_PREFIX = "RESOUND_";
    static final String PROPERTY_PREFIX = "resound.";

    /**
     * Kubernetes puts these into every pod beside a Service named resound.
     * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
     */
    private static final Pattern SERVICE_LINK = Pattern.compile("RESOUND_(SERVICE_.*|PORT|PORT_.*)");

    private Overrides() {}

    /** The environment variable of a path. */
    static String variable(String path) {
        return VARIABLE_PREFIX + path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    static void readEnvironment(Map<String, String> environment, Findings findings) {
        // Sorted, so that the same mistakes make the same report.
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith(VARIABLE_PREFIX) && !SERVICE_LINK.matcher(name).matches()) {
                readVariable(name, value, findings);
            }
        });
    }

    private static void readVariable(String name, String value, Findings findings) {
        Optional<Key> key = Keys.all().stream()
                .filter(known -> known.variable().equals(name))
                .findFirst();
        if (key.isPresent()) {
            findings.add(new Entry(key.get().path(), given(key, value), "environment variable " + name));
        } else {
            Optional<String> meant = Suggestion.forVariable(name.substring(VARIABLE_PREFIX.length()))
                    .map(near -> "%s (%s)".formatted(variable(near), near));
            findings.add(Problem.unknown(name, new Entry(name, new Given.Text(value), "environment variable"), meant));
        }
    }

    static void readProperties(Map<String, String> properties, Findings findings) {
        new TreeMap<>(properties).forEach((name, value) -> {
            if (name.startsWith(PROPERTY_PREFIX)) {
                String path = name.substring(PROPERTY_PREFIX.length());
                findings.add(new Entry(path, given(Keys.find(path), value), "system property " + name));
            }
        });
    }

    private static Given given(Optional<Key> key, String value) {
        if (key.isEmpty() || key.get().type() != List.class) {
            return new Given.Text(value);
        }
        return new Given.Items(
                value.isBlank()
                        ? List.of()
                        : Arrays.stream(value.split(",", -1)).map(String::strip).toList());
    }
}
