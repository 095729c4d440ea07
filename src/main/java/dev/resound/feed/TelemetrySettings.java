package dev.resound.feed;

import dev.resound.setting.Rules;
import java.time.Duration;

/**
 * How often the event loops publish what they counted, and who gets it live.
 *
 * @param interval the time between two samples of one event loop, and of the live feed
 * @param feed the live feed
 */
public record TelemetrySettings(Duration interval, FeedSettings feed) {

    public static final TelemetrySettings DEFAULT = new TelemetrySettings(Duration.ofSeconds(1), FeedSettings.DEFAULT);

    public TelemetrySettings {
        new Rules()
                .between("interval", interval, Duration.ofMillis(10), Duration.ofHours(1))
                .check();
    }
}
