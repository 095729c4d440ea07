/**
 * The live feed: what the event bus tells of this process, as JSON for dashboards. It shows totals only: no address, no origin and
 * no payload. It knows the telemetry and what a connection of the feed is, and nothing of HTTP.
 */
@NullMarked
package dev.resound.feed;

import org.jspecify.annotations.NullMarked;
