package dev.resound.telemetry;

import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.CloseCause;
import dev.resound.websocket.protocol.ConnectionEnd;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A connection opened or closed. It is published at once; each connection opens once and closes once. */
public sealed interface ConnectionEvent {

    /** The connection. */
    ConnectionInfo connection();

    /** A handshake was accepted. */
    record Opened(ConnectionInfo connection) implements ConnectionEvent {}

    /** A connection has ended. */
    record Closed(ConnectionInfo connection, ConnectionEnd end) implements ConnectionEvent {}

    /** The event as a clustered bus transmits it. */
    static JsonObject toJson(ConnectionEvent event) {
        ConnectionInfo who = event.connection();
        var json = new JsonObject()
                .put("id", who.id())
                .put("protocol", who.kind().label())
                .put("http", who.http().label())
                .put("address", who.remoteAddress())
                .put("origin", who.origin());
        if (event instanceof Closed(ConnectionInfo connection, ConnectionEnd end)) {
            json.put("cause", end.cause().label())
                    .put("code", end.code())
                    .put("durationNanos", end.duration().toNanos())
                    .put("received", end.messagesReceived())
                    .put("sent", end.messagesSent());
        }
        return json;
    }

    /** Reads {@link #toJson}. */
    static ConnectionEvent fromJson(JsonObject json) {
        var connection = new ConnectionInfo(
                json.getString("id"),
                ConnectionKind.valueOf(constant(json.getString("protocol"))),
                http(json.getString("http")),
                json.getString("address"),
                json.getString("origin"));
        if (!json.containsKey("cause")) {
            return new Opened(connection);
        }
        return new Closed(
                connection,
                new ConnectionEnd(
                        CloseCause.valueOf(constant(json.getString("cause"))),
                        json.getInteger("code"),
                        Duration.ofNanos(json.getLong("durationNanos")),
                        json.getLong("received"),
                        json.getLong("sent")));
    }

    /** Versions of the service without WebSockets over HTTP/2 do not send it. */
    private static HttpProtocol http(@Nullable String label) {
        return HttpProtocol.HTTP_2.label().equals(label) ? HttpProtocol.HTTP_2 : HttpProtocol.HTTP_1;
    }

    private static String constant(String label) {
        return label.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
