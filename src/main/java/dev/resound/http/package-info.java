/**
 * HTTP below the routes, for both ports: what a request must hold (RFC 9112, RFC 9113), how long it may take, and how much a client can
 * make the process hold before it has a WebSocket. It knows addresses, Netty and Vert.x, and no feature.
 */
@NullMarked
package dev.resound.http;

import org.jspecify.annotations.NullMarked;
