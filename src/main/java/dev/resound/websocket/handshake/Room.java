package dev.resound.websocket.handshake;

/** Whether one more connection may open, and if not, which limit prevents it. */
public enum Room {
    /** One more connection may open. */
    AVAILABLE,
    /** Memory is short. */
    OVERLOADED,
    /** Too many connections are open in total. */
    FULL,
    /** Too many connections of this client are open. */
    FULL_FOR_CLIENT,
    /** Too many connections without keep-alive are open, in total or of this client. */
    FULL_FOR_PROBES,
}
