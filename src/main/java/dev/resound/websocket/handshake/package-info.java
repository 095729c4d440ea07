/**
 * The opening handshake (RFC 6455 section 4.2): decides which requests become WebSockets, with which subprotocol and
 * compression, and how to respond to the others. {@link dev.resound.websocket.handshake.HandshakeRules} lists the
 * rules; origins are checked in {@link dev.resound.websocket.handshake.OriginPolicy}. It sends nothing, and must not
 * depend on {@code dev.resound.websocket}, which performs the upgrade.
 */
@NullMarked
package dev.resound.websocket.handshake;

import org.jspecify.annotations.NullMarked;
