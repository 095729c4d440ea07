package dev.resound.telemetry;

import dev.resound.setting.Rules;
import java.time.Duration;

/**
 * How often the event loops publish what they counted.
 *
 * @param interval the time between two samples of one event loop
 */
public record TelemetrySettings(Duration interval) {

    public static final TelemetrySettings DEFAULT = new TelemetrySettings(Duration.ofSeconds(1));

    public TelemetrySettings {
        new Rules()
                .between("interval", interval, Duration.ofMillis(10), Duration.ofHours(1))
                .check();
    }
}
