package dev.resound.config;

import dev.resound.config.ParsedSources.RawSetting;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One problem of the configuration, as text for people. Text from outside appears on one line, cut to {@value #MAX_SHOWN} characters.
 *
 * @param subject the key, or the place in the file if there is no key to name
 * @param rule the broken rule, as a predicate: {@code must be between 0 and 65535}
 * @param found the value found, in quotes, and its origin
 * @param meant the key that was probably meant
 */
public record ConfigurationProblem(String subject, String rule, Optional<String> found, Optional<String> meant) {

    /** Shown in place of a value that may contain a password. */
    static final String HIDDEN = "a value that is not shown";

    private static final int MAX_SHOWN = 100;
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_SHOWN + "}");

    /** Characters that are invisible, or that change how the text around them is displayed. */
    private static final Set<Byte> ESCAPED = Set.of(
            Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE,
            Character.UNASSIGNED);

    static ConfigurationProblem broken(String key, String rule, String found, String origin) {
        return new ConfigurationProblem(key, rule, Optional.of("%s (%s)".formatted(found, origin)), Optional.empty());
    }

    static ConfigurationProblem unknown(RawSetting setting, Optional<String> meant) {
        String shown = Key.maybeSecret(setting.path(), meant)
                ? HIDDEN
                : setting.value().shown();
        String found = "%s (%s)".formatted(shown, setting.origin());
        return new ConfigurationProblem(key(setting.path()), "is not a known key", Optional.of(found), meant);
    }

    /** A problem of a file, or of a place in it. */
    static ConfigurationProblem at(String place, String what) {
        return new ConfigurationProblem(place, what, Optional.empty(), Optional.empty());
    }

    /** The problem in one line. */
    @Override
    public String toString() {
        return subject
                + " "
                + rule
                + found.map(", found %s"::formatted).orElse("")
                + meant.map("; did you mean %s?"::formatted).orElse("");
    }

    /** The text in quotes, with escapes for unprintable characters. */
    static String quoted(String text) {
        return '"' + clipped(text) + '"';
    }

    /** A key unchanged if it looks like one, otherwise in quotes. */
    static String key(String key) {
        return PLAIN_KEY.matcher(key).matches() ? key : quoted(key);
    }

    /** The beginning of the text, with escapes for unprintable characters. */
    static String clipped(String text) {
        var shown = new StringBuilder();
        text.codePoints().limit(MAX_SHOWN).forEach(c -> append(shown, c));
        return shown.append(text.codePoints().skip(MAX_SHOWN).findAny().isPresent() ? "..." : "")
                .toString();
    }

    private static void append(StringBuilder shown, int c) {
        if (ESCAPED.contains((byte) Character.getType(c))) {
            shown.append("\\u%04x".formatted(c));
        } else {
            shown.appendCodePoint(c);
        }
    }
}
