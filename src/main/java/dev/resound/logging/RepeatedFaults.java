package dev.resound.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * Limits warnings and errors that repeat. Within a second, a library's logger gets one line for each message; ours get a few more, since
 * one
 * check may find several problems. The next such line tells in its field {@code suppressed} how many were left out; if none follows, {@link
 * #report()} tells. Events below a warning are not limited.
 */
final class RepeatedFaults extends Filter<ILoggingEvent> {

    /** What the lines of one logger with one message add up to since a point in time. */
    private static final class Window {
        private final String logger;
        private final String message;
        private long start;
        private int passed;
        private long suppressed;

        Window(String logger, String message, long start) {
            this.logger = logger;
            this.message = message;
            this.start = start;
        }
    }

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String OURS = "dev.resound";
    private static final int OUR_ALLOWANCE = 10;
    private static final int LIBRARY_ALLOWANCE = 1;
    /** Messages told apart at a time; all others share one window. */
    private static final int MOST_WINDOWS = 256;

    private static final String OTHERS = "other messages";
    private static final int LONGEST_STEM = 80;

    private final LongSupplier nanoTime;
    private final Map<String, Window> windows = new HashMap<>();

    /** @param nanoTime as {@link System#nanoTime()} */
    RepeatedFaults(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized FilterReply decide(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.WARN)) {
            return FilterReply.NEUTRAL;
        }
        long now = nanoTime.getAsLong();
        Window window = window(event, now);
        if (now - window.start >= WINDOW_NANOS) {
            if (window.suppressed > 0 && event instanceof LoggingEvent own) {
                own.addKeyValuePair(new KeyValuePair("suppressed", window.suppressed));
            }
            window.start = now;
            window.passed = 0;
            window.suppressed = 0;
        }
        if (window.passed < (event.getLoggerName().startsWith(OURS) ? OUR_ALLOWANCE : LIBRARY_ALLOWANCE)) {
            window.passed++;
            return FilterReply.NEUTRAL;
        }
        window.suppressed++;
        return FilterReply.DENY;
    }

    private Window window(ILoggingEvent event, long now) {
        String logger = event.getLoggerName();
        String message = stem(String.valueOf(event.getMessage()));
        String key = logger + ' ' + message;
        Window window = windows.get(key);
        if (window != null) {
            return window;
        }
        if (windows.size() >= MOST_WINDOWS) {
            windows.values().removeIf(old -> old.suppressed == 0 && now - old.start >= WINDOW_NANOS);
        }
        return windows.size() < MOST_WINDOWS
                ? windows.computeIfAbsent(key, made -> new Window(logger, message, now))
                : windows.computeIfAbsent(OTHERS, made -> new Window(RepeatedFaults.class.getName(), OTHERS, now));
    }

    /** The part of a message that its repetitions share. Netty fills in channels, numbers and hash codes before it logs. */
    private static String stem(String message) {
        int end = 0;
        while (end < message.length() && end < LONGEST_STEM && isConstant(message.charAt(end))) {
            end++;
        }
        return message.substring(0, end);
    }

    private static boolean isConstant(char c) {
        return !(c >= '0' && c <= '9') && c != '[' && c != '@';
    }

    /** Logs what was suppressed of faults that do not repeat any more. */
    void report() {
        for (Window ended : ended()) {
            LoggerFactory.getLogger(ended.logger)
                    .atWarn()
                    .addKeyValue("suppressed", ended.suppressed)
                    .addKeyValue("message_start", ended.message)
                    .log("a repeated message was suppressed");
        }
    }

    private synchronized List<Window> ended() {
        long now = nanoTime.getAsLong();
        List<Window> ended = new ArrayList<>();
        windows.values().removeIf(window -> {
            boolean over = now - window.start >= WINDOW_NANOS;
            if (over && window.suppressed > 0) {
                ended.add(window);
            }
            return over;
        });
        return ended;
    }
}
