package dev.resound.feed;

import dev.resound.websocket.WebSocketSettings;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** The first message of a connection: who answers. Any thread may ask. */
final class Hello {

    /** Rises when a reader of the one before could misread a message; new members do not count. */
    private static final int SCHEMA = 1;

    private final FeedFacts facts;

    Hello(FeedFacts facts) {
        this.facts = facts;
    }

    /** To a connection of the feed. */
    byte[] ofFeed(String history) {
        String begin =
                common().put("interval", Decimal.seconds(facts.interval())).encode();
        return utf8(begin.substring(0, begin.length() - 1) + ",\"history\":" + history + "}");
    }

    /** To a connection of the echo. */
    byte[] ofEcho() {
        return utf8(common().encode());
    }

    private JsonObject common() {
        WebSocketSettings webSocket = facts.webSocket().get();
        return new JsonObject()
                .put("type", "hello")
                .put("schema", SCHEMA)
                .put("instance", facts.instance())
                .put(
                        "build",
                        new JsonObject()
                                .put("version", facts.service().version())
                                .put("java", Runtime.version().toString()))
                .put("time", Decimal.ofMillis(System.currentTimeMillis()))
                .put(
                        "startedAt",
                        Decimal.ofMillis(ManagementFactory.getRuntimeMXBean().getStartTime()))
                .put(
                        "keepAlive",
                        new JsonObject()
                                .put("interval", Decimal.seconds(webSocket.keepAliveInterval()))
                                .put("idleTimeout", Decimal.seconds(webSocket.idleTimeout())));
    }

    private static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
