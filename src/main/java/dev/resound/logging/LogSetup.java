package dev.resound.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.FilterReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.LoggingEvent;

/** Sets up the log. */
public final class LogSetup {

    /** How long the process waits at its end for the last lines to be read, per stream. */
    private static final Duration LAST_LINES = Duration.ofMillis(500);

    private static final RepeatedFaults repeatedFaults = new RepeatedFaults(System::nanoTime);

    private static @Nullable LoggingSettings inForce;
    private static volatile Consumer<Throwable> onThrown = thrown -> {};

    private LogSetup() {}

    /**
     * Prepares the process. From now on, neither the log nor {@link System#out} and {@link System#err} block: lines that are not read are
     * dropped.
     *
     * @param onThrown receives everything thrown that is logged, at any level; called on any thread, even without memory
     */
    public static void ofProcess(Consumer<Throwable> onThrown) {
        LogSetup.onThrown = onThrown;
        StandardStreams.replace(repeatedFaults::report);
    }

    /** Applies the settings at once to every logger of the process. */
    public static synchronized void apply(LoggingSettings settings) {
        LoggerContext context = context();
        if (!isInForce(settings)) {
            context.reset();
            apply(context, settings);
        }
    }

    /** Compares fields, because {@code equals} of a record generates code at its first call, which delays the start. */
    private static boolean isInForce(LoggingSettings settings) {
        return inForce != null && inForce.format() == settings.format() && inForce.level() == settings.level();
    }

    static synchronized void apply(LoggerContext context, LoggingSettings settings) {
        inForce = settings;
        var thrown = new ThrownFilter(any -> onThrown.accept(any));
        thrown.setContext(context);
        thrown.start();
        context.addTurboFilter(thrown);
        repeatedFaults.setContext(context);
        repeatedFaults.start();
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setEncoder(encoder(settings.format(), context));
        console.addFilter(new HarmlessWarnings());
        console.addFilter(repeatedFaults);
        console.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(settings.level().name()));
        root.addAppender(console);
        // Below warnings, the libraries' messages are for their own developers.
        context.getLogger("io").setLevel(Level.WARN);
        // It logs an error for each client that breaks HTTP/2 before its first request.
        context.getLogger("io.vertx.core.net.impl.ConnectionBase").setLevel(Level.OFF);
    }

    /** The number of lines dropped so far because standard output or standard error was not read or could not be written. */
    public static long droppedLines() {
        return StandardStreams.dropped();
    }

    /** Writes the last lines if they are read within a second, and stops logging. */
    public static void stop() {
        repeatedFaults.report();
        context().stop();
        StandardStreams.await(LAST_LINES);
    }

    static LayoutWrappingEncoder<ILoggingEvent> encoder(LoggingSettings.Format format, LoggerContext context) {
        Layout<ILoggingEvent> layout = switch (format) {
            case TEXT -> new TextLayout();
            case JSON -> new JsonLayout();
        };
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    /**
     * Passes everything thrown that is logged, at any level, to an observer, and filters nothing. It runs before the level check and before
     * an
     * event is created, and allocates nothing.
     */
    private static final class ThrownFilter extends TurboFilter {

        private final Consumer<Throwable> observer;

        ThrownFilter(Consumer<Throwable> observer) {
            this.observer = observer;
        }

        @Override
        public FilterReply decide(
                @Nullable Marker marker,
                ch.qos.logback.classic.Logger logger,
                Level level,
                @Nullable String format,
                Object @Nullable [] arguments,
                @Nullable Throwable thrown) {
            if (thrown != null) {
                observer.accept(thrown);
            } else if (arguments != null
                    && arguments.length > 0
                    && arguments[arguments.length - 1] instanceof Throwable last) {
                observer.accept(last);
            }
            return FilterReply.NEUTRAL;
        }

        @Override
        public FilterReply decide(ch.qos.logback.classic.Logger logger, LoggingEvent event) {
            if (event.getThrowable() != null) {
                observer.accept(event.getThrowable());
            }
            return FilterReply.NEUTRAL;
        }
    }
}
