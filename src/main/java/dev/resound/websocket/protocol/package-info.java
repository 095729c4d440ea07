/**
 * The connection core: RFC 6455 (sections 5, 7 and 8.1) and RFC 7692 without I/O. Bytes, the end of input, failures, writability and time go into a
 * {@link dev.resound.websocket.protocol.Connection}; frames come out, and finally how the transport ends. It knows Netty's buffers, and neither
 * sockets, timers, Vert.x nor HTTP.
 */
@NullMarked
package dev.resound.websocket.protocol;

import org.jspecify.annotations.NullMarked;
