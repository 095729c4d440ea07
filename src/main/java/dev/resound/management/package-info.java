/** The private port: probes and metrics. It receives what it shows, and must not depend on WebSockets, telemetry or the configuration. */
@NullMarked
package dev.resound.management;

import org.jspecify.annotations.NullMarked;
