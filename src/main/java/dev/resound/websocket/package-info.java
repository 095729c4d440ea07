/** WebSocket connections: one worker a connection, its liveness, its causes of ending, and the observer that is told. It knows no HTTP routes, no metrics and no files. */
@NullMarked
package dev.resound.websocket;

import org.jspecify.annotations.NullMarked;
