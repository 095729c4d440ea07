package dev.resound.test;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** What a class logs while this is open, a line an event: {@code INFO message key=value}. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Logger logger;

    public CapturedLog(Class<?> source) {
        this(source.getName());
    }

    /** Of the logger with this name. */
    public CapturedLog(String name) {
        logger = (Logger) LoggerFactory.getLogger(name);
        start();
        logger.addAppender(this);
    }

    /** What all classes log. */
    public static CapturedLog ofAll() {
        return new CapturedLog(Logger.ROOT_LOGGER_NAME);
    }

    @Override
    protected void append(ILoggingEvent event) {
        String pairs = event.getKeyValuePairs() == null
                ? ""
                : event.getKeyValuePairs().stream()
                        .map(pair -> " " + pair.key + "=" + pair.value)
                        .collect(Collectors.joining());
        String line = event.getLevel() + " " + event.getFormattedMessage() + pairs;
        lines.add(line);
        if (event.getLevel() == Level.ERROR || event.getThrowableProxy() != null) {
            faults.add(line + " of " + event.getLoggerName() + ": " + event.getThrowableProxy());
        }
    }

    /** Errors, and what has a stack trace at any level. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
