/**
 * Adapters between Netty, Vert.x and the protocol core: upgrades over HTTP/1.1 and HTTP/2, frame handlers, buffers, and
 * closing TCP. One of the few packages that may use internals of Vert.x and Netty, such as the channel behind a connection and the
 * names in a pipeline. It depends on the protocol package, but not on handshake rules or settings files.
 */
@NullMarked
package dev.resound.websocket.netty;

import org.jspecify.annotations.NullMarked;
