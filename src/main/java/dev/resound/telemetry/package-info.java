/**
 * Counters, the event-bus addresses with their codecs, totals, and the Prometheus registry that exposes them. It observes the WebSocket
 * package, which must not depend on it.
 */
@NullMarked
package dev.resound.telemetry;

import org.jspecify.annotations.NullMarked;
