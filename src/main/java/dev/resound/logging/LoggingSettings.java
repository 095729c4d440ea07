package dev.resound.logging;

/**
 * The format and level of the log, which goes to standard output with one line per event.
 *
 * @param format {@code text} for people, {@code json} for machines: one JSON object a line
 * @param level the least severe level that is written
 */
public record LoggingSettings(Format format, Level level) {

    public static final LoggingSettings DEFAULT = new LoggingSettings(Format.TEXT, Level.INFO);

    /** The shape of a line. */
    public enum Format {
        TEXT,
        JSON
    }

    /** Severity, least severe first. */
    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }
}
