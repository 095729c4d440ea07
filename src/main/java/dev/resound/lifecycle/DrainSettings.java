package dev.resound.lifecycle;

import dev.resound.setting.Rules;
import java.time.Duration;

/**
 * How the service drains its connections before it ends.
 *
 * @param delay how long the service continues unchanged after the signal, so that load balancers can react
 * @param period the time over which open connections are closed evenly, so that clients do not reconnect all at once
 */
public record DrainSettings(Duration delay, Duration period) {

    // Before DEFAULT, whose constructor uses it.
    private static final Duration LONGEST = Duration.ofHours(1);

    public static final DrainSettings DEFAULT = new DrainSettings(Duration.ZERO, Duration.ofSeconds(10));

    public DrainSettings {
        new Rules()
                .between("delay", delay, Duration.ZERO, LONGEST)
                .between("period", period, Duration.ZERO, LONGEST)
                .check();
    }
}
