package dev.resound.telemetry;

import dev.resound.websocket.ConnectionEnd;
import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.ConnectionObserver;
import dev.resound.websocket.MessageType;
import dev.resound.websocket.handshake.HandshakeOutcome;
import io.vertx.core.Vertx;

/** Counts what happens on one event loop, and publishes what changed once per interval. Only that loop's thread may call it. */
public final class LoopTelemetry implements ConnectionObserver {

    public LoopTelemetry(TelemetryBus bus, TelemetrySettings settings) {}

    /** Begins to publish; on the event loop. */
    public void start(Vertx vertx) {}

    /** Publishes what is left, and ends; on the event loop. */
    public void stop() {}

    @Override
    public void handshake(HandshakeOutcome outcome) {}

    @Override
    public void opened(ConnectionInfo connection) {}

    @Override
    public void closed(ConnectionInfo connection, ConnectionEnd end) {}

    @Override
    public void received(MessageType type, int payloadBytes, boolean endOfMessage) {}

    @Override
    public void sent(MessageType type, int payloadBytes, boolean endOfMessage) {}

    @Override
    public void pingSent() {}

    @Override
    public void pongReceived() {}

    @Override
    public void roundTrip(long nanos) {}

    @Override
    public void backpressurePause() {}
}
