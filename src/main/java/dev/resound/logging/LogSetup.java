package dev.resound.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.fieldnames.LogstashFieldNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the log look as the settings say. */
public final class LogSetup {

    /** Lines that may wait for a slow reader of the output before an event loop has to. */
    private static final int QUEUE = 16_384;

    private static @Nullable LoggingSettings inForce;

    private LogSetup() {}

    /** Takes effect at once for every logger of the process. */
    public static synchronized void apply(LoggingSettings settings) {
        LoggerContext context = context();
        if (!isInForce(settings)) {
            context.reset();
            apply(context, settings);
        }
    }

    /** Two records are compared by code that the JVM makes first, and a start would wait for that. */
    private static boolean isInForce(LoggingSettings settings) {
        return inForce != null && inForce.format() == settings.format() && inForce.level() == settings.level();
    }

    static synchronized void apply(LoggerContext context, LoggingSettings settings) {
        inForce = settings;
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setContext(context);
        console.setEncoder(encoder(settings.format(), context));
        console.start();
        var async = new AsyncAppender();
        async.setContext(context);
        async.setQueueSize(QUEUE);
        async.setDiscardingThreshold(0); // Loses nothing.
        async.addAppender(console);
        async.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(settings.level().name()));
        root.addAppender(async);
        // What the libraries have to say below a warning is for their own developers.
        context.getLogger("io").setLevel(Level.WARN);
        // An error for each client that breaks HTTP/2 before its first request: no fault of ours, and any number of
        // lines.
        context.getLogger("io.vertx.core.net.impl.ConnectionBase").setLevel(Level.OFF);
    }

    /** Writes out what is on its way, and ends logging. */
    public static void stop() {
        context().stop();
    }

    static Encoder<ILoggingEvent> encoder(LoggingSettings.Format format, LoggerContext context) {
        Encoder<ILoggingEvent> encoder = switch (format) {
            case TEXT -> text(context);
            case JSON -> json();
        };
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        var layout = new TextLayout();
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setLayout(layout);
        return encoder;
    }

    private static Encoder<ILoggingEvent> json() {
        var names = new LogstashFieldNames();
        names.setTimestamp("time");
        names.setLogger("logger");
        names.setThread("thread");
        names.setVersion(null);
        names.setLevelValue(null);
        var encoder = new LogstashEncoder();
        encoder.setFieldNames(names);
        return encoder;
    }

    private static LoggerContext context() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }
}
