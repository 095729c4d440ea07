/**
 * The protocol core: RFC 6455 (sections 5, 7 and 8.1) and RFC 7692 without I/O. A
 * {@link dev.resound.websocket.protocol.Connection} takes bytes, the end of input, failures, writability and time. It
 * produces frames, and decides when and how the transport ends. This package depends on Netty's buffers, but not on
 * sockets, timers, Vert.x or HTTP.
 */
@NullMarked
package dev.resound.websocket.protocol;

import org.jspecify.annotations.NullMarked;
