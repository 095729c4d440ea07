package dev.resound.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.slf4j.event.KeyValuePair;

/**
 * One line an event: time, severity, what happened, and its fields as {@code key=value}. A value with spaces, quotes or control
 * characters is quoted and escaped, so that nobody can fake a field or a line by what is sent to us.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(160);
        appendTime(line, event.getTimeStamp());
        line.append(' ')
                .append(event.getLevel().toString())
                .append(event.getLevel().toString().length() == 4 ? "  " : " ");
        line.append(event.getFormattedMessage());
        List<KeyValuePair> fields = event.getKeyValuePairs();
        if (fields != null) {
            for (KeyValuePair field : fields) {
                line.append(' ').append(field.key).append('=');
                append(line, String.valueOf(field.value));
            }
        }
        line.append(System.lineSeparator());
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }

    /** As {@code 2026-11-24T08:15:30.250+01:00}. Java's formatters and its zones take a twentieth of the start to get ready. */
    private static void appendTime(StringBuilder line, long millis) {
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

    private static void append(StringBuilder line, String value) {
        if (!value.isEmpty() && value.chars().allMatch(TextLayout::isPlain)) {
            line.append(value);
            return;
        }
        line.append('"');
        value.chars().forEach(c -> appendEscaped(line, (char) c));
        line.append('"');
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\';
    }

    private static void appendEscaped(StringBuilder line, char c) {
        if (c == '"' || c == '\\') {
            line.append('\\').append(c);
        } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
            line.append("\\u%04x".formatted((int) c));
        } else {
            line.append(c);
        }
    }
}
