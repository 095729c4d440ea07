/**
 * The opening handshake (RFC 6455 section 4.2): which requests become WebSockets, which are refused, and by which rule. It
 * decides and answers nothing itself.
 */
@NullMarked
package dev.resound.websocket.handshake;

import org.jspecify.annotations.NullMarked;
