package dev.resound.telemetry;

import io.vertx.core.Vertx;

/** The event-bus addresses of the telemetry, and what goes over them. Published, never sent: any number may listen. */
public final class TelemetryBus {

    private TelemetryBus() {}

    /** Makes the telemetry's payloads known to an event bus; once for each {@code Vertx}. */
    public static TelemetryBus register(Vertx vertx) {
        return new TelemetryBus();
    }
}
