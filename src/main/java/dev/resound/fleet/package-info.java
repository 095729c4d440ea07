/**
 * The fleet view: writes the totals of this instance to a stream in Redis, and shows the sums of all instances to dashboards. It depends on
 * the telemetry and on the common parts of the live feed; neither may depend on it. Only one class may use the client of Redis, so that
 * nothing of it is loaded without the setting {@code fleet.redis}.
 */
@NullMarked
package dev.resound.fleet;

import org.jspecify.annotations.NullMarked;
