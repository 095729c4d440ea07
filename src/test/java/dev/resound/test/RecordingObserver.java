package dev.resound.test;

import dev.resound.websocket.ConnectionInfo;
import dev.resound.websocket.ConnectionObserver;
import dev.resound.websocket.fault.Fault;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.handshake.HttpProtocol;
import dev.resound.websocket.protocol.ConnectionEnd;
import dev.resound.websocket.protocol.MessageType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps all that it is told, for tests on other threads. */
public final class RecordingObserver implements ConnectionObserver {

    private static final int PATIENCE_SECONDS = 30;

    public final List<HandshakeOutcome> handshakes = new CopyOnWriteArrayList<>();
    public final Map<String, AtomicInteger> timesClosed = new ConcurrentHashMap<>();
    public final List<Fault> faults = new CopyOnWriteArrayList<>();
    public final AtomicInteger probes = new AtomicInteger();
    public final AtomicInteger opened = new AtomicInteger();
    public final AtomicLong received = new AtomicLong();
    public final AtomicLong receivedBytes = new AtomicLong();
    public final AtomicLong sent = new AtomicLong();
    public final AtomicLong sentBytes = new AtomicLong();
    public final AtomicLong pingsSent = new AtomicLong();
    public final AtomicLong pongsReceived = new AtomicLong();
    public final AtomicLong roundTrips = new AtomicLong();
    public final AtomicLong pauses = new AtomicLong();
    /** The method that fails after it has recorded, by its name; empty for none. */
    public volatile String failing = "";

    private final BlockingQueue<ConnectionEnd> ends = new LinkedBlockingQueue<>();

    /** The next end that was not asked for yet. */
    public ConnectionEnd awaitEnd() {
        try {
            ConnectionEnd end = ends.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (end == null) {
                throw new AssertionError("no connection has ended");
            }
            return end;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether a connection has ended that was not asked for yet. */
    public boolean hasEnd() {
        return !ends.isEmpty();
    }

    @Override
    public void handshake(HttpProtocol http, HandshakeOutcome outcome) {
        handshakes.add(outcome);
        failIf("handshake");
    }

    private void failIf(String method) {
        if (failing.equals(method)) {
            throw new IllegalStateException("the observer fails at " + method);
        }
    }

    @Override
    public void probe() {
        probes.incrementAndGet();
    }

    @Override
    public void fault(Fault fault) {
        faults.add(fault);
    }

    @Override
    public void opened(ConnectionInfo connection) {
        opened.incrementAndGet();
        failIf("opened");
    }

    @Override
    public void closed(ConnectionInfo connection, ConnectionEnd end) {
        timesClosed.computeIfAbsent(connection.id(), id -> new AtomicInteger()).incrementAndGet();
        ends.add(end);
        failIf("closed");
    }

    @Override
    public void received(MessageType type, int payloadBytes, boolean endOfMessage) {
        receivedBytes.addAndGet(payloadBytes);
        received.addAndGet(endOfMessage ? 1 : 0);
    }

    @Override
    public void sent(MessageType type, int payloadBytes, boolean endOfMessage) {
        sentBytes.addAndGet(payloadBytes);
        sent.addAndGet(endOfMessage ? 1 : 0);
    }

    @Override
    public void pingSent() {
        pingsSent.incrementAndGet();
    }

    @Override
    public void pongReceived() {
        pongsReceived.incrementAndGet();
    }

    @Override
    public void roundTrip(long nanos) {
        roundTrips.incrementAndGet();
    }

    @Override
    public void backpressurePause() {
        pauses.incrementAndGet();
    }
}
