/**
 * The Netty pipeline below the routes, for both ports: which requests are valid (RFC 9112, RFC 9113), how long they may
 * take, and how much memory a client can use before it has a WebSocket. One of the few packages that may use Vert.x
 * internals. It depends on {@code ip}, {@code websocket.netty}, and the
 * rule about stalls of {@code websocket.protocol}.
 */
@NullMarked
package dev.resound.http.netty;

import org.jspecify.annotations.NullMarked;
