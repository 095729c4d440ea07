package dev.resound.websocket.protocol;

import java.time.Duration;

/**
 * The settings of one connection; they do not change while it is open.
 *
 * @param keepAliveInterval X, the time between two pings; zero disables pings
 * @param idleTimeout how long a connection may receive nothing before it ends; zero disables both pings and the timeout
 * @param closingTimeout how long a peer may take to finish the closing handshake
 * @param pieceSize bytes of payload; frames of up to this size are echoed whole, larger ones in pieces
 * @param maxFrameSize the largest payload of a data frame in bytes; 0 for no limit
 */
public record ProtocolSettings(
        Duration keepAliveInterval, Duration idleTimeout, Duration closingTimeout, int pieceSize, long maxFrameSize) {}
