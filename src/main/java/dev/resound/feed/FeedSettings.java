package dev.resound.feed;

import dev.resound.setting.Live;
import dev.resound.setting.Rules;
import dev.resound.websocket.handshake.OriginPolicy;
import java.util.List;

/**
 * Who may connect to a live feed: that of this instance, or that of the fleet.
 *
 * @param enabled whether the service offers the feed's subprotocol; if not, a client that asks for it gets the echo
 * @param allowedOrigins origins that may connect to the feed, written like those of the echo; empty allows all. If the key
 *     {@code allowed-origins} of a feed is not set, its value is that of {@code websocket.allowed-origins}
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
