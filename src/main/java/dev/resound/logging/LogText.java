package dev.resound.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Converts times, values and stack traces to text of bounded length. It never throws, so that no value can suppress a line.
 */
final class LogText {

    /** Characters of a value, before escaping. */
    static final int LONGEST_VALUE = 512;

    /** Characters of a message, before escaping. */
    static final int LONGEST_MESSAGE = 2048;

    private static final int MOST_FRAMES = 64;
    private static final int MOST_CAUSES = 8;

    private LogText() {}

    /** A value, cut to {@link #LONGEST_VALUE}. */
    static String of(@Nullable Object value) {
        try {
            return cut(unbounded(value), LONGEST_VALUE);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) { // From toString, which may do anything; a cycle ends in a StackOverflowError.
            return "(" + e.getClass().getSimpleName() + " in toString of "
                    + (value == null ? null : value.getClass().getName()) + ")";
        }
    }

    private static String unbounded(@Nullable Object value) {
        if (value != null && value.getClass().isArray()) {
            String wrapped = Arrays.deepToString(new Object[] {value});
            return wrapped.substring(1, wrapped.length() - 1);
        }
        // toString may return null.
        return String.valueOf(String.valueOf(value));
    }

    static String cut(@Nullable String text, int longest) {
        if (text == null || text.length() <= longest) {
            return String.valueOf(text);
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "... (" + (text.length() - end) + " more)";
    }

    /** As {@code 2026-11-24T08:15:30.250+01:00}. Java's formatters and time zones would take a twentieth of the start to load. */
    static void appendTime(StringBuilder line, long millis) {
        long offset = TimeUnit.MILLISECONDS.toSeconds(TimeZone.getDefault().getOffset(millis));
        var time = Instant.ofEpochMilli(millis).atOffset(ZoneOffset.ofTotalSeconds((int) offset));
        line.append(time.toLocalDate());
        appendDigits(line.append('T'), 2, time.getHour());
        appendDigits(line.append(':'), 2, time.getMinute());
        appendDigits(line.append(':'), 2, time.getSecond());
        appendDigits(line.append('.'), 3, (int) TimeUnit.NANOSECONDS.toMillis(time.getNano()));
        line.append(time.getOffset());
    }

    private static void appendDigits(StringBuilder line, int count, int number) {
        String digits = Integer.toString(number);
        line.repeat('0', count - digits.length()).append(digits);
    }

    /** In quotes and escaped, as a JSON string is (RFC 8259 section 7). */
    static void appendQuoted(StringBuilder line, String text) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else {
                appendPrintable(line, c);
            }
        }
        line.append('"');
    }

    /** With control characters escaped, so that it stays on its line and does not control the terminal. */
    static void appendPrintable(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            appendPrintable(line, text.charAt(i));
        }
    }

    private static void appendPrintable(StringBuilder line, char c) {
        if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
            String hex = Integer.toHexString(c);
            line.append("\\u").repeat('0', 4 - hex.length()).append(hex);
        } else {
            line.append(c);
        }
    }

    /** A stack trace with its causes, a line for each frame, as {@link Throwable#printStackTrace()} formats it. */
    static void appendTrace(StringBuilder text, IThrowableProxy thrown) {
        String prefix = "";
        IThrowableProxy cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            text.append(prefix).append(cause.getClassName());
            if (cause.getMessage() != null) {
                appendPrintable(text.append(": "), cut(cause.getMessage(), LONGEST_VALUE));
            }
            text.append('\n');
            appendFrames(text, cause);
            prefix = "Caused by: ";
            cause = cause.getCause();
        }
    }

    private static void appendFrames(StringBuilder text, IThrowableProxy thrown) {
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        int own = frames == null ? 0 : frames.length - thrown.getCommonFrames();
        int shown = Math.min(own, MOST_FRAMES);
        for (int i = 0; i < shown; i++) {
            text.append('\t').append(frames[i].getSTEAsString()).append('\n');
        }
        int omitted = frames == null ? 0 : frames.length - shown;
        if (omitted > 0) {
            text.append("\t... ").append(omitted).append(" more\n");
        }
    }
}
