/**
 * WebSocket connections: the endpoint, the open connections and their limits, settings and log, and the observer
 * interface. This package does not depend on HTTP routes, metrics or files.
 */
@NullMarked
package dev.resound.websocket;

import org.jspecify.annotations.NullMarked;
