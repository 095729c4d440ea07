package dev.resound.websocket;

import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.ConnectionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Records one connection in the open connections, the metrics and the log. The log gets one line when the connection
 * opens and one when it ends, never one per message.
 */
final class ConnectionRecorder implements ConnectionListener {

    private static final Logger log = LoggerFactory.getLogger("dev.resound.connection");

    private final ConnectionInfo info;
    private final ConnectionObserver observer;
    private final Connections connections;

    /** @param connections the open connections, which include this one from its opening to its end */
    ConnectionRecorder(ConnectionInfo info, ConnectionObserver observer, Connections connections) {
        this.info = info;
        this.observer = observer;
        this.connections = connections;
    }

    /**
     * Counts the handshake as accepted only now, so that at any time each accepted connection is either open or closed.
     */
    @Override
    public void opened(Connection connection) {
        observer.handshake(info.http(), HandshakeOutcome.ACCEPTED);
        observer.opened(info);
        describe(log.atInfo()).addKeyValue("http", info.http().label()).log("connection opened");
        connections.add(info.kind(), connection);
    }

    @Override
    public void failed(Throwable fault) {
        log.atError().addKeyValue("id", info.id()).setCause(fault).log("connection failed");
    }

    @Override
    public void closed(Connection connection, ConnectionEnd end) {
        try {
            observer.closed(info, end);
            describe(log.atInfo())
                    .addKeyValue("cause", end.cause().label())
                    .addKeyValue("code", end.code())
                    .addKeyValue("duration_seconds", end.duration().toMillis() / 1000.0)
                    .addKeyValue("received", end.messagesReceived())
                    .addKeyValue("sent", end.messagesSent())
                    .log("connection closed");
        } finally {
            connections.remove(info.kind(), connection);
        }
    }

    private LoggingEventBuilder describe(LoggingEventBuilder line) {
        return line.addKeyValue("id", info.id())
                .addKeyValue("address", info.remoteAddress())
                .addKeyValue("origin", info.origin() == null ? "-" : info.origin());
    }
}
