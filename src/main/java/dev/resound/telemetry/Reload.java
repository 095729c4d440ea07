package dev.resound.telemetry;

import java.util.Locale;

/** What can be read again while the service runs: the closed set of the label {@code kind}. */
public enum Reload {
    /** The configuration file. */
    SETTINGS,
    /** The files of the public port's certificate. */
    CERTIFICATES;

    /** The value of the label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
