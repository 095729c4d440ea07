package dev.resound.feed;

import dev.resound.telemetry.ConnectionEvent;
import dev.resound.websocket.protocol.ConnectionEnd;
import io.vertx.core.json.JsonObject;

/** What the feed tells of a connection: neither who it is nor where it comes from, nor what code its client chose. */
final class EventJson {

    private EventJson() {}

    static JsonObject of(ConnectionEvent event, long millis) {
        String protocol = event.connection().kind().label();
        return switch (event) {
            case ConnectionEvent.Opened opened -> begin("opened", millis, protocol);
            case ConnectionEvent.Closed closed -> {
                ConnectionEnd end = closed.end();
                yield begin("closed", millis, protocol)
                        .put("cause", end.cause().label())
                        .put("duration", Decimal.seconds(end.duration()))
                        .put(
                                "messages",
                                new JsonObject()
                                        .put("received", end.messagesReceived())
                                        .put("sent", end.messagesSent()));
            }
        };
    }

    private static JsonObject begin(String type, long millis, String protocol) {
        return new JsonObject()
                .put("type", type)
                .put("time", Decimal.ofMillis(millis))
                .put("protocol", protocol);
    }
}
