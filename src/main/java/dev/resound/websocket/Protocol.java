package dev.resound.websocket;

import java.util.Locale;

/** What a WebSocket is for: the closed set of the label {@code protocol}. */
public enum Protocol {
    /** Every frame comes back. No sub-protocol was negotiated. */
    ECHO,
    /** The live feed of totals. */
    TELEMETRY;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in labels. */
    public String label() {
        return label;
    }
}
