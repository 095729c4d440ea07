package dev.resound.websocket.protocol;

/**
 * The parameters of permessage-deflate on one connection (RFC 7692 section 7.1).
 *
 * @param serverContextTakeover whether a message to the client may refer to earlier ones
 * @param clientContextTakeover whether a message from the client may refer to earlier ones
 * @param serverWindowBits how far back a message to the client may refer, as a power of two
 * @param maxMessageBytes the largest size that a message from the client may inflate to
 */
public record DeflateParameters(
        boolean serverContextTakeover, boolean clientContextTakeover, int serverWindowBits, long maxMessageBytes) {}
