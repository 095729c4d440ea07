/** The public port: the router, the client page and the WebSocket path. It knows the WebSocket package and its observers' source, never the configuration's files nor the management port. */
@NullMarked
package dev.resound.web;

import org.jspecify.annotations.NullMarked;
