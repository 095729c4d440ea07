package dev.resound.config;

import java.util.Set;
import java.util.regex.Pattern;

/** How a report shows text from outside: on one line, and never more than {@value #MOST} characters of it. */
final class Shown {

    private static final int MOST = 100;
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9._-]{1," + MOST + "}");

    /** Characters that are invisible, or that change how the text around them is displayed. */
    private static final Set<Byte> ESCAPED = Set.of(
            Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE,
            Character.UNASSIGNED);

    private Shown() {}

    /** The text in quotes, with escapes for unprintable characters. */
    static String quoted(String text) {
        return '"' + clipped(text) + '"';
    }

    /** A key as it is, if it looks like one; otherwise in quotes. */
    static String key(String key) {
        return PLAIN_KEY.matcher(key).matches() ? key : quoted(key);
    }

    /** The beginning of the text, with escapes for unprintable characters. */
    static String clipped(String text) {
        var shown = new StringBuilder();
        text.codePoints().limit(MOST).forEach(c -> append(shown, c));
        return shown.append(text.codePoints().skip(MOST).findAny().isPresent() ? "..." : "")
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
