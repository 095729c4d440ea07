package dev.resound.config;

import dev.resound.feed.TelemetrySettings;
import dev.resound.fleet.FleetSettings;
import dev.resound.http.HttpSettings;
import dev.resound.lifecycle.DrainSettings;
import dev.resound.logging.LoggingSettings;
import dev.resound.management.ManagementSettings;
import dev.resound.setting.Live;
import dev.resound.setting.Rules;
import dev.resound.transport.TransportChoice;
import dev.resound.websocket.WebSocketSettings;
import dev.resound.websocket.fault.FaultSettings;
import java.util.Set;

/**
 * All settings, valid and immutable. A key's path is the path of its record component in kebab case: {@code
 * websocket.keep-alive-interval}.
 *
 * @param instance the name of this instance; empty means the name of the host
 */
public record Configuration(
        String instance,
        HttpSettings http,
        ManagementSettings management,
        WebSocketSettings websocket,
        @Live DrainSettings drain,
        TelemetrySettings telemetry,
        FaultSettings faults,
        FleetSettings fleet,
        LoggingSettings logging,
        TransportChoice transport) {

    // Before DEFAULT, whose constructor uses it.
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::");

    public static final Configuration DEFAULT = new Configuration(
            "",
            HttpSettings.DEFAULT,
            ManagementSettings.DEFAULT,
            WebSocketSettings.DEFAULT,
            DrainSettings.DEFAULT,
            TelemetrySettings.DEFAULT,
            FaultSettings.DEFAULT,
            FleetSettings.DEFAULT,
            LoggingSettings.DEFAULT,
            TransportChoice.AUTO);

    public Configuration {
        boolean samePort = http.port() != 0 && http.port() == management.port();
        new Rules()
                .require(
                        instance.matches("[\\w.:@/-]{0,100}"),
                        "instance",
                        instance,
                        "must be up to 100 letters, digits and ._:@/-")
                .require(
                        !(samePort && overlap(http.host(), management.host())),
                        "management.port",
                        management.port(),
                        "must differ from http.port, because metrics and probes must not be on the public port")
                .check();
    }

    private static boolean overlap(String host, String other) {
        return host.equalsIgnoreCase(other) || WILDCARDS.contains(host) || WILDCARDS.contains(other);
    }
}
