package dev.resound.websocket.handshake;

import java.util.Locale;

/** What a WebSocket connection is for: the closed set of the metric label {@code protocol}. */
public enum ConnectionKind {
    /** Echoes every frame; also the kind of a connection without a subprotocol. */
    ECHO,
    /** Receives a live feed, of this instance or of the fleet. */
    TELEMETRY;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name in labels, events and {@code ?explain}. */
    public String label() {
        return label;
    }
}
