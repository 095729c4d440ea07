/**
 * The public port: the router, problem responses, and one verticle per event loop that listens. It serves the WebSocket path; what
 * else the port serves is mounted from outside. {@code http.netty} holds the handlers below the routes. It must not depend on the
 * configuration, the live feed or the management port.
 */
@NullMarked
package dev.resound.http;

import org.jspecify.annotations.NullMarked;
