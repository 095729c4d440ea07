/**
 * Adapters between Netty, Vert.x and the connection core: the HTTP/1.1 upgrade, the frame handler, buffers, closing TCP. This is the only package
 * that may use internals of Vert.x and Netty, such as the channel behind a connection and the names in a pipeline. It knows the protocol package
 * and neither handshake rules nor settings files.
 */
@NullMarked
package dev.resound.websocket.netty;

import org.jspecify.annotations.NullMarked;
