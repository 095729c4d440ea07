package dev.resound.feed;

import dev.resound.telemetry.ServiceFacts;
import dev.resound.websocket.WebSocketSettings;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What the feed says of the service, beside what is counted. All of it may be asked from any thread.
 *
 * @param instance the name of this instance
 * @param service what the metrics say too
 * @param interval between two samples
 * @param settings the feed's settings in force
 * @param webSocket the settings of WebSockets in force
 */
public record FeedFacts(
        String instance,
        ServiceFacts service,
        Duration interval,
        Supplier<FeedSettings> settings,
        Supplier<WebSocketSettings> webSocket) {}
