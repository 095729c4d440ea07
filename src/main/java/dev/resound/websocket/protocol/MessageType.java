package dev.resound.websocket.protocol;

import java.util.Locale;

/** The type of a data message (RFC 6455 section 5.6). */
public enum MessageType {
    TEXT,
    BINARY;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in labels. */
    public String label() {
        return label;
    }
}
