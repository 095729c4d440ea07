/** What is counted, the event-bus addresses and their codecs, and the Prometheus registry that consumes them. It observes the WebSocket package and is unknown to it. */
@NullMarked
package dev.resound.telemetry;

import org.jspecify.annotations.NullMarked;
