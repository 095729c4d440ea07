package dev.resound.config;

import dev.resound.lifecycle.DrainSettings;
import dev.resound.logging.LoggingSettings;
import dev.resound.management.ManagementSettings;
import dev.resound.setting.Live;
import dev.resound.telemetry.TelemetrySettings;
import dev.resound.transport.TransportChoice;
import dev.resound.web.HttpSettings;
import dev.resound.websocket.WebSocketSettings;

/**
 * All settings, valid and immutable. A key's path is the path of its record component in kebab case: {@code
 * websocket.keep-alive-interval}.
 */
public record Configuration(
        HttpSettings http,
        ManagementSettings management,
        WebSocketSettings websocket,
        @Live DrainSettings drain,
        TelemetrySettings telemetry,
        LoggingSettings logging,
        TransportChoice transport) {

    public static final Configuration DEFAULT = new Configuration(
            HttpSettings.DEFAULT,
            ManagementSettings.DEFAULT,
            WebSocketSettings.DEFAULT,
            DrainSettings.DEFAULT,
            TelemetrySettings.DEFAULT,
            LoggingSettings.DEFAULT,
            TransportChoice.AUTO);
}
