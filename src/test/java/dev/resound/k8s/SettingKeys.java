package dev.resound.k8s;

import io.vertx.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The keys of {@code conf/resound.yaml}, which another test holds against the code. */
final class SettingKeys {

    private static final Pattern LINE = Pattern.compile("^( *)#?([a-z][a-z0-9-]*):(?: (.*))?$");

    private SettingKeys() {}

    /**
     * A key.
     *
     * @param value its default, as the file writes it
     * @param live whether the service reloads it
     */
    record Key(String value, boolean live) {

        /** Another valid value, as JSON. */
        String other() {
            if (value.startsWith("[")) {
                return "[\"https://example.com\"]";
            }
            return switch (value) {
                case "true" -> "false";
                case "false" -> "true";
                case "text" -> "\"json\"";
                case "info" -> "\"debug\"";
                case "auto" -> "\"nio\"";
                case "0.0.0.0" -> "\"::\"";
                case "/ws" -> "\"/socket\"";
                case "\"\"" -> "\"blue\"";
                // A number, or a duration or size with a unit.
                default -> value.matches("\\d+") ? "9" : Json.encode(value.replaceFirst("\\d+", "7"));
            };
        }
    }

    /** By path, as in {@code websocket.path}. */
    static Map<String, Key> all() {
        try {
            Map<String, Key> keys = new LinkedHashMap<>();
            String[] path = new String[9];
            String comment = "";
            for (String line : Files.readAllLines(Path.of("conf", "resound.yaml"))) {
                var key = LINE.matcher(line);
                if (key.matches()) {
                    int depth = key.group(1).length() / 2;
                    path[depth] = key.group(2);
                    if (key.group(3) != null) {
                        String name = String.join(".", Arrays.asList(path).subList(0, depth + 1));
                        keys.put(name, new Key(key.group(3), comment.endsWith(" (live)")));
                    }
                }
                comment = line;
            }
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
