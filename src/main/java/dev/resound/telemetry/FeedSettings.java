package dev.resound.telemetry;

import dev.resound.setting.Live;
import dev.resound.setting.Rules;
import dev.resound.websocket.handshake.OriginPolicy;
import java.util.List;

/**
 * Who gets the live feed of totals.
 *
 * @param enabled whether the sub-protocol {@code resound.telemetry.v1} is known; where it is not, a client that asks for it gets
 *     the echo
 * @param allowedOrigins origins that may connect to the feed, instead of those of the echo and written like them; empty allows
 *     all
 */
public record FeedSettings(@Live boolean enabled, @Live List<String> allowedOrigins) {

    public static final FeedSettings DEFAULT = new FeedSettings(true, List.of());

    public FeedSettings {
        allowedOrigins = List.copyOf(allowedOrigins);
        var rules = new Rules();
        for (String entry : allowedOrigins) {
            OriginPolicy.problem(entry).ifPresent(rule -> rules.require(false, "allowedOrigins", entry, rule));
        }
        rules.check();
    }
}
