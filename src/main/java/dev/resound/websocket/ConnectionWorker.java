package dev.resound.websocket;

import dev.resound.setting.Durations;
import dev.resound.websocket.frame.CloseCode;
import dev.resound.websocket.frame.DataFrame;
import dev.resound.websocket.frame.FrameEncoder;
import dev.resound.websocket.frame.FrameSink;
import dev.resound.websocket.frame.ProtocolViolation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection from the upgrade to its end: gives every frame back, keeps the connection alive, and ends it exactly
 * once, with one {@link CloseCause}. It lives on its socket's event loop, and only that thread touches it.
 */
final class ConnectionWorker implements FrameSink {

    /** Keeps the open connections; is called on their event loop, after the observer. */
    interface Owner {
        /** The connection can be talked to from now on. */
        void opened(ConnectionWorker worker);

        /** The TCP connection has ended; called once. */
        void closed(ConnectionWorker worker);
    }

    /** The states of RFC 6455 that a connection goes through once it is open (sections 4.1 and 7.1). */
    private enum State {
        OPEN,
        CLOSING,
        CLOSED
    }

    /** How often within X a peer that does not read is looked at: has it taken anything? */
    private static final int STALL_PROBES = 4;
    /** How long the Close frame to a peer that is gone may take to get out, where the network takes it at all. */
    private static final Duration LAST_WORD = Duration.ofMillis(100);

    private final ConnectionInfo info;
    private final WebSocketSettings settings;
    private final ConnectionObserver observer;
    private final Owner owner;
    private final FrameChannel channel;
    private final PingStamp pings = new PingStamp();

    private State state = State.OPEN;
    private @Nullable CloseCause cause;
    private int closeCode = CloseCode.ABNORMAL;

    private LongSupplier ticker = System::nanoTime;
    private long openedAt;
    private @Nullable KeepAliveClock clock;
    /** The connection's one timer: of the keep-alive while it is open, of the closing handshake after that. */
    private @Nullable Future<?> timer;

    private boolean paused;
    private long bytesDue;
    private long messagesReceived;
    private long messagesSent;

    ConnectionWorker(
            ConnectionInfo info,
            WebSocketSettings settings,
            ConnectionObserver observer,
            Owner owner,
            FrameChannel channel) {
        this.info = info;
        this.settings = settings;
        this.observer = observer;
        this.owner = owner;
        this.channel = channel;
    }

    /** @param nanoTicker nanoseconds from an arbitrary origin, as {@link System#nanoTime} */
    void start(LongSupplier nanoTicker) {
        ticker = nanoTicker;
        openedAt = nanoTicker.getAsLong();
        if (!settings.keepAliveInterval().isZero()) {
            clock = new KeepAliveClock(settings.keepAliveInterval(), nanoTicker);
            keepAlive();
        }
        ConnectionLog.opened(info);
        observer.opened(info);
        owner.opened(this);
    }

    // Frames.

    /** Any byte is a sign of life: a large frame on a slow line is one for as long as it takes. */
    void onBytes() {
        if (clock != null) {
            clock.sign();
        }
    }

    @Override
    public void onData(DataFrame frame) {
        MessageType type = frame.isText() ? MessageType.TEXT : MessageType.BINARY;
        int last = frame.endsMessage() ? 1 : 0;
        observer.received(type, frame.length(), frame.endsMessage());
        messagesReceived += last;
        if (state != State.OPEN) {
            return; // After a Close frame no data is sent (RFC 6455 section 5.5.1).
        }
        channel.write(frame);
        observer.sent(type, frame.length(), frame.endsMessage());
        messagesSent += last;
        pauseIfFull();
    }

    @Override
    public void onPing(byte[] payload) {
        if (state == State.OPEN) {
            channel.write(FrameEncoder.pong(channel.allocator(), payload));
            pauseIfFull();
        }
    }

    @Override
    public void onPong(byte[] payload) {
        observer.pongReceived();
        pings.roundTrip(payload, ticker.getAsLong()).ifPresent(observer::roundTrip);
    }

    @Override
    public void onClose(int code, byte[] payload) {
        if (state == State.OPEN) {
            beginClosing(CloseCause.CLIENT, code);
            channel.write(FrameEncoder.close(channel.allocator(), payload));
        }
        // Either way both sides have sent a Close frame now, and the server closes first (section 7.1.1).
        channel.shutdownAfterFlush();
    }

    void onViolation(ProtocolViolation violation) {
        CloseCause broken = switch (violation.closeCode()) {
            case CloseCode.INVALID_PAYLOAD -> CloseCause.INVALID_PAYLOAD;
            case CloseCode.TOO_BIG -> CloseCause.TOO_BIG;
            default -> CloseCause.PROTOCOL_ERROR;
        };
        fail(broken, violation.closeCode(), violation.rule());
    }

    // Back-pressure: a peer that does not read is not read from, pings included, so what is due to it stays bounded.

    private void pauseIfFull() {
        if (paused || channel.isWritable()) {
            return;
        }
        channel.flushNow();
        if (!channel.isWritable()) {
            paused = true;
            bytesDue = channel.pendingBytes();
            channel.pauseReading();
            observer.backpressurePause();
            keepAlive();
        }
    }

    void onWritable() {
        if (paused) {
            paused = false;
            onBytes();
            channel.resumeReading();
        }
    }

    private boolean tookSomething() {
        long before = bytesDue;
        bytesDue = channel.pendingBytes();
        return bytesDue < before;
    }

    // Liveness.

    private void keepAlive() {
        KeepAliveClock current = clock;
        if (current == null || state != State.OPEN) {
            return;
        }
        if (paused && tookSomething()) {
            current.sign();
        }
        switch (current.check()) {
            case KeepAliveClock.Verdict.Wait(long nanos) -> {
                long probe = settings.keepAliveInterval().toNanos() / STALL_PROBES;
                schedule(this::keepAlive, paused ? Math.min(nanos, probe) : nanos);
            }
            case KeepAliveClock.Verdict.Ping() -> {
                ping();
                keepAlive();
            }
            case KeepAliveClock.Verdict.Expired() -> expire();
        }
    }

    private void ping() {
        if (!paused) {
            channel.write(FrameEncoder.ping(channel.allocator(), pings.next(ticker.getAsLong())));
            channel.flush();
            observer.pingSent();
        }
    }

    private void expire() {
        if (paused) {
            // A Close frame would queue up behind what the peer does not read.
            beginClosing(CloseCause.SLOW_CONSUMER, CloseCode.ABNORMAL);
            channel.reset();
            return;
        }
        String patience = Durations.format(settings.idleTimeout());
        beginClosing(CloseCause.IDLE, CloseCode.GOING_AWAY);
        sendClose(CloseCode.GOING_AWAY, "nothing received for " + patience);
        channel.closeAfterFlush();
        schedule(channel::close, LAST_WORD.toNanos());
    }

    // The end.

    /** Ends the connection because the service shuts down: Close 1001, and a cut where the peer does not answer it. */
    void drain() {
        if (state == State.OPEN) {
            beginClosing(CloseCause.DRAIN, CloseCode.GOING_AWAY);
            sendClose(CloseCode.GOING_AWAY, "server draining");
        }
    }

    /** The client sends nothing more: it gets what is due to it, and that is the end. */
    void onEndOfInput() {
        if (state == State.OPEN) {
            beginClosing(CloseCause.NETWORK, CloseCode.ABNORMAL);
        }
        channel.closeAfterFlush();
    }

    void onException(Throwable fault) {
        if (fault instanceof IOException || fault.getCause() instanceof IOException) { // Netty wraps those of TLS.
            if (state == State.OPEN) {
                beginClosing(CloseCause.NETWORK, CloseCode.ABNORMAL);
            }
            channel.close();
            return;
        }
        ConnectionLog.failed(info, fault);
        fail(CloseCause.ERROR, CloseCode.INTERNAL_ERROR, "internal error");
    }

    private void fail(CloseCause why, int code, String reason) {
        if (state == State.OPEN) {
            beginClosing(why, code);
            sendClose(code, reason);
        }
        channel.shutdownAfterFlush(); // Our Close frame is on its way, now or since the drain began.
    }

    /** The only way out of {@link State#OPEN}: fixes the cause, and the time that the peer has left. */
    private void beginClosing(CloseCause why, int code) {
        state = State.CLOSING;
        cause = why;
        closeCode = code;
        if (paused) {
            paused = false;
            channel.resumeReading();
        }
        schedule(channel::close, settings.closingTimeout().toNanos());
    }

    private void sendClose(int code, String reason) {
        channel.write(FrameEncoder.close(channel.allocator(), code, reason));
        channel.flush();
    }

    /** The TCP connection has ended, whoever ended it. */
    void onDisconnected() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        if (timer != null) {
            timer.cancel(false);
        }
        var end = new ConnectionEnd(
                cause == null ? CloseCause.NETWORK : cause,
                closeCode,
                Duration.ofNanos(ticker.getAsLong() - openedAt),
                messagesReceived,
                messagesSent);
        ConnectionLog.closed(info, end);
        observer.closed(info, end);
        owner.closed(this);
    }

    private void schedule(Runnable task, long nanos) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = channel.schedule(task, nanos);
    }
}
