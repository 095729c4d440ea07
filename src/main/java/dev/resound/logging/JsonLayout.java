package dev.resound.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One JSON object per line: {@code time}, {@code level}, {@code logger}, {@code thread}, {@code message}, the event's fields, and {@code
 * stack_trace} if something was thrown. Numbers, booleans and null keep their type; every other value is a string.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(256).append("{\"time\":\"");
        LogText.appendTime(line, event.getTimeStamp());
        line.append('"');
        appendString(line, "level", event.getLevel().toString());
        appendString(line, "logger", LogText.of(event.getLoggerName()));
        appendString(line, "thread", LogText.of(event.getThreadName()));
        appendString(line, "message", LogText.cut(event.getFormattedMessage(), LogText.LONGEST_MESSAGE));
        List<KeyValuePair> fields = event.getKeyValuePairs();
        if (fields != null) {
            for (KeyValuePair field : fields) {
                append(line, String.valueOf(field.key), field.value);
            }
        }
        if (event.getThrowableProxy() != null) {
            var trace = new StringBuilder();
            LogText.appendTrace(trace, event.getThrowableProxy());
            appendString(line, "stack_trace", trace.toString());
        }
        return line.append("}\n").toString();
    }

    private static void append(StringBuilder line, String key, @Nullable Object value) {
        if (value == null || value instanceof Boolean || isJsonNumber(value)) {
            appendKey(line, key);
            line.append(value);
        } else {
            appendString(line, key, LogText.of(value));
        }
    }

    /** JSON has neither NaN nor infinity (RFC 8259 section 6). */
    private static boolean isJsonNumber(Object value) {
        return value instanceof Integer
                || value instanceof Long
                || (value instanceof Double real && Double.isFinite(real));
    }

    private static void appendString(StringBuilder line, String key, String value) {
        appendKey(line, key);
        LogText.appendQuoted(line, value);
    }

    private static void appendKey(StringBuilder line, String key) {
        LogText.appendQuoted(line.append(','), key);
        line.append(':');
    }
}
