package dev.resound.lifecycle;

import dev.resound.setting.Rules;
import java.time.Duration;

/**
 * How the service drains its connections before it ends.
 *
 * @param delay how long the service goes on as before after the signal, so that load balancers can react
 * @param period the time over which the open connections are closed, evenly, so that clients do not return as one herd
 */
public record DrainSettings(Duration delay, Duration period) {

    // In front of the default, which is checked against it.
    private static final Duration LONGEST = Duration.ofHours(1);

    public static final DrainSettings DEFAULT = new DrainSettings(Duration.ZERO, Duration.ofSeconds(10));

    public DrainSettings {
        new Rules()
                .between("delay", delay, Duration.ZERO, LONGEST)
                .between("period", period, Duration.ZERO, LONGEST)
                .check();
    }
}
