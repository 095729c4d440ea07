package dev.resound.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * One line per event: time, level, message, and its fields as {@code key=value}. A value with spaces, quotes or control characters is
 * quoted
 * and escaped, so that no client can forge a field or a line. A stack trace follows on lines of its own.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    private static final int LEVEL_WIDTH = 5;

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(160);
        LogText.appendTime(line, event.getTimeStamp());
        String level = event.getLevel().toString();
        line.append(' ').append(level).repeat(' ', LEVEL_WIDTH + 1 - level.length());
        LogText.appendPrintable(line, LogText.cut(event.getFormattedMessage(), LogText.LONGEST_MESSAGE));
        List<KeyValuePair> fields = event.getKeyValuePairs();
        if (fields != null) {
            for (KeyValuePair field : fields) {
                line.append(' ').append(field.key).append('=');
                append(line, LogText.of(field.value));
            }
        }
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            LogText.appendTrace(line, event.getThrowableProxy());
        }
        return line.toString();
    }

    private static void append(StringBuilder line, String value) {
        if (!value.isEmpty() && value.chars().allMatch(TextLayout::isPlain)) {
            line.append(value);
        } else {
            LogText.appendQuoted(line, value);
        }
    }

    private static boolean isPlain(int c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '=' && c != '\\';
    }
}
