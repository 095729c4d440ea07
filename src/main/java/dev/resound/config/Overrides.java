package dev.resound.config;

import dev.resound.config.ParsedSources.RawSetting;
import dev.resound.config.ParsedSources.RawValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads settings from the environment and from system properties. */
final class Overrides {

    static final String VARIABLE_PREFIX = "RESOUND_";
    static final String PROPERTY_PREFIX = "resound.";

    /** A template leaves an empty value if its own variable is not set; that must not disable a restriction. */
    private static final String NOT_EMPTY = "must not be empty; remove it to use the file's value or the default";

    // A Service or a port is named by a DNS label, of up to 63 characters. The bounds also keep the match from
    // backtracking for long.
    private static final String SERVICE = "RESOUND(?:_[A-Z0-9_]{0,62})?";
    private static final String PORT_NAME = "[A-Z0-9_]{1,63}";
    private static final String ADDRESS = "(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,45})";
    private static final String URL_HOST = "(?:\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-f]{0,4}:[0-9a-f:.]{1,45}])";
    private static final String PORT = "\\d{1,5}";

    /** Matches {@code NAME=value}. The protocol is in upper case in the name and in lower case in the value. */
    private static final Pattern SERVICE_LINK = Pattern.compile(SERVICE
            + "_(?:"
            + String.join(
                    "|",
                    "SERVICE_HOST=" + ADDRESS,
                    "SERVICE_PORT(?:_" + PORT_NAME + ")?=" + PORT,
                    "PORT=(?:tcp|udp|sctp)://" + URL_HOST + ":" + PORT,
                    link("TCP", "tcp"),
                    link("UDP", "udp"),
                    link("SCTP", "sctp"))
            + ")");

    private Overrides() {}

    /** The environment variable of a path. */
    static String variable(String path) {
        return VARIABLE_PREFIX + path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    static void readEnvironment(Map<String, String> environment, ParsedSources parsed) {
        // Sorted, so that reports are reproducible.
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith(VARIABLE_PREFIX) && !isServiceLink(name, value)) {
                readVariable(name, value, parsed);
            }
        });
    }

    private static void readVariable(String name, String value, ParsedSources parsed) {
        Optional<Key> key = Key.all().stream()
                .filter(known -> known.variable().equals(name))
                .findFirst();
        if (key.isPresent()) {
            parsed.add(new RawSetting(key.get().path(), valueOf(key.get(), value), "environment variable " + name));
        } else {
            Optional<String> meant = Suggestion.forVariable(name.substring(VARIABLE_PREFIX.length()))
                    .map(near -> "%s (%s)".formatted(variable(near), near));
            var setting = new RawSetting(name, new RawValue.Text(value), "environment variable");
            parsed.add(ConfigurationProblem.unknown(setting, meant));
        }
    }

    static void readProperties(Map<String, String> properties, ParsedSources parsed) {
        new TreeMap<>(properties).forEach((name, text) -> {
            if (name.startsWith(PROPERTY_PREFIX)) {
                String path = name.substring(PROPERTY_PREFIX.length());
                RawValue value = Key.find(path).map(key -> valueOf(key, text)).orElseGet(() -> new RawValue.Text(text));
                parsed.add(new RawSetting(path, value, "system property " + ConfigurationProblem.key(name)));
            }
        });
    }

    /** A list is separated by commas; {@code []} is the empty list. */
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

    /** The four variables of one port, such as {@code PORT_80_TCP} and {@code PORT_80_TCP_ADDR}. */
    private static String link(String inName, String inValue) {
        String group = "port" + inValue;
        return ("PORT_(?<%1$s>" + PORT + ")_%2$s(?:=%3$s://" + URL_HOST
                        + ":\\k<%1$s>|_PROTO=%3$s|_PORT=\\k<%1$s>|_ADDR=" + ADDRESS + ")")
                .formatted(group, inName, inValue);
    }

    /**
     * Whether Kubernetes injected a variable. A pod gets several for each Service of its namespace; those of a Service whose name starts
     * with {@code resound} look like settings: the Service {@code resound-http} sets {@code RESOUND_HTTP_PORT}. Name and value must both
     * be as the kubelet writes them.
     *
     * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables">Kubernetes: environment
     *     variables of Services</a>
     */
    static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name + "=" + value).matches();
    }
}
