package dev.resound.websocket.protocol;

import java.time.Duration;

/**
 * The settings of one connection; they do not change while it is open.
 *
 * @param keepAliveInterval X, the time between two pings; zero for no pings
 * @param idleTimeout how long nothing may arrive before the peer counts as gone; zero for neither pings nor an end
 * @param closingTimeout how long a peer has to finish the closing handshake
 * @param pieceSize bytes of payload; frames up to this size are echoed whole, larger ones in pieces
 * @param maxFrameSize the largest payload of a data frame in bytes; 0 for no limit
 */
public record ProtocolSettings(
        Duration keepAliveInterval, Duration idleTimeout, Duration closingTimeout, int pieceSize, long maxFrameSize) {}
