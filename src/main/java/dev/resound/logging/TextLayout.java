package dev.resound.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import org.slf4j.event.KeyValuePair;

/**
 * One line an event: time, severity, what happened, and its fields as {@code key=value}. A value with spaces, quotes or control
 * characters is quoted and escaped, so that nobody can fake a field or a line by what is sent to us.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(160);
        TIME.formatTo(Instant.ofEpochMilli(event.getTimeStamp()).atOffset(offset(event.getTimeStamp())), line);
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

    /** By {@code TimeZone}, as {@code ZoneId} would read all zones of the world once more, and the start would wait for that. */
    private static ZoneOffset offset(long millis) {
        return ZoneOffset.ofTotalSeconds(Math.toIntExact(
                TimeUnit.MILLISECONDS.toSeconds(TimeZone.getDefault().getOffset(millis))));
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
