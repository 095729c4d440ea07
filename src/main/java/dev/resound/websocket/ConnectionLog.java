package dev.resound.websocket;

import dev.resound.websocket.protocol.ConnectionEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs connections: one line when a connection opens and one when it ends, never one per message. */
final class ConnectionLog {

    private static final Logger log = LoggerFactory.getLogger("dev.resound.connection");

    private ConnectionLog() {}

    static void opened(ConnectionInfo connection) {
        log.atInfo()
                .addKeyValue("id", connection.id())
                .addKeyValue("address", connection.remoteAddress())
                .addKeyValue("origin", origin(connection))
                .addKeyValue("http", connection.http().label())
                .log("connection opened");
    }

    static void closed(ConnectionInfo connection, ConnectionEnd end) {
        log.atInfo()
                .addKeyValue("id", connection.id())
                .addKeyValue("address", connection.remoteAddress())
                .addKeyValue("origin", origin(connection))
                .addKeyValue("cause", end.cause().label())
                .addKeyValue("code", end.code())
                .addKeyValue("duration_seconds", end.duration().toMillis() / 1000.0)
                .addKeyValue("received", end.messagesReceived())
                .addKeyValue("sent", end.messagesSent())
                .log("connection closed");
    }

    static void failed(ConnectionInfo connection, Throwable fault) {
        log.atError().addKeyValue("id", connection.id()).setCause(fault).log("connection failed");
    }

    private static String origin(ConnectionInfo connection) {
        return connection.origin() == null ? "-" : connection.origin();
    }
}
