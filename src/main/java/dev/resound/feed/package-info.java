/**
 * The live feed: the totals of this process as JSON for dashboards, without addresses, origins or payloads. It depends on the telemetry
 * and on the WebSocket package's interface for feeds. It must not depend on HTTP.
 */
@NullMarked
package dev.resound.feed;

import org.jspecify.annotations.NullMarked;
