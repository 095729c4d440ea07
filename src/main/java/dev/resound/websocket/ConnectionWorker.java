package dev.resound.websocket;

import dev.resound.setting.Durations;
import dev.resound.websocket.handshake.HandshakeOutcome;
import dev.resound.websocket.protocol.CloseCode;
import dev.resound.websocket.protocol.DataFrame;
import dev.resound.websocket.protocol.FrameEncoder;
import dev.resound.websocket.protocol.FrameSink;
import dev.resound.websocket.protocol.ProtocolViolation;
import dev.resound.websocket.protocol.SharedMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
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

    /**
     * What was agreed upon in the handshake.
     *
     * @param info who is connected
     * @param settings those in force then
     * @param role what the connection is for
     */
    record Terms(ConnectionInfo info, WebSocketSettings settings, Role role) {}

    /** The states of RFC 6455 (sections 4.1 and 7.1). */
    private enum State {
        CONNECTING,
        OPEN,
        CLOSING,
        CLOSED
    }

    /** How long the Close frame to a peer that is gone may take to get out, where the network takes it at all. */
    private static final Duration LAST_WORD = Duration.ofMillis(100);

    private final ConnectionInfo info;
    private final WebSocketSettings settings;
    private final ConnectionObserver observer;
    private final Owner owner;
    private final FrameChannel channel;
    private final Liveness liveness;
    private final BackPressure pressure;
    private final Role role;

    private State state = State.CONNECTING;
    private @Nullable CloseCause cause;
    private int closeCode = CloseCode.ABNORMAL;

    private long openedAt;
    /** Cuts a peer that does not answer our Close. */
    private @Nullable Future<?> deadline;

    private long messagesReceived;
    private long messagesSent;

    ConnectionWorker(Terms terms, ConnectionObserver observer, Owner owner, FrameChannel channel) {
        this.info = terms.info();
        this.settings = terms.settings();
        this.role = terms.role();
        this.observer = observer;
        this.owner = owner;
        this.channel = channel;
        this.liveness =
                new Liveness(settings.keepAliveInterval(), settings.idleTimeout(), channel, observer, this::gone);
        this.pressure = new BackPressure(channel, liveness, observer);
    }

    /** The upgrade is done. Only now it counts as accepted, so that accepted connections are open or closed at any time. */
    void start() {
        openedAt = channel.nanoTime();
        state = State.OPEN;
        observer.handshake(HandshakeOutcome.ACCEPTED);
        observer.opened(info);
        ConnectionLog.opened(info);
        liveness.start();
        owner.opened(this);
        role.begin(this);
    }

    // Frames.

    /** Something was read, a whole frame or not. */
    void onBytes() {
        liveness.sign();
    }

    @Override
    public void onData(DataFrame frame) {
        MessageType type = frame.isText() ? MessageType.TEXT : MessageType.BINARY;
        int last = frame.endsMessage() ? 1 : 0;
        observer.received(type, frame.length(), frame.endsMessage());
        messagesReceived += last;
        if (state != State.OPEN || !role.echoes()) {
            return; // After a Close frame no data is sent (RFC 6455 section 5.5.1).
        }
        channel.write(frame);
        observer.sent(type, frame.length(), frame.endsMessage());
        messagesSent += last;
        pressure.check();
    }

    @Override
    public void onPing(byte[] payload) {
        if (state == State.OPEN) {
            channel.write(FrameEncoder.pong(channel.allocator(), payload));
            pressure.check();
        }
    }

    @Override
    public void onPong(byte[] payload) {
        observer.pongReceived();
        liveness.pong(payload);
        role.onPong(payload);
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

    // What the role says by itself; sent with the next flush.

    void say(SharedMessage message) {
        if (state == State.OPEN) {
            channel.write(message.frame());
            observer.sent(MessageType.TEXT, message.length(), true);
            messagesSent++;
            pressure.check();
        }
    }

    /** A ping that is none of the keep-alive: its pong shows that all before it was taken. */
    void probe(byte[] payload) {
        if (state == State.OPEN) {
            channel.write(FrameEncoder.ping(channel.allocator(), payload));
        }
    }

    void flush() {
        channel.flush();
    }

    /** Whether something that was said has not even left for the kernel. */
    boolean isBusy() {
        return pressure.isPaused() || channel.hasPending();
    }

    /** More has come than can be held while memory is short and the peer does not read. */
    void onOverrun() {
        if (state == State.OPEN) {
            gone(CloseCause.SLOW_CONSUMER);
        }
    }

    /** More is due to the peer than it takes, written by the layers below. */
    void onUnwritable() {
        if (state == State.OPEN) {
            pressure.check();
        }
    }

    /** What was written for the peer has gone. */
    void onWritable() {
        pressure.ease();
    }

    /** Whether it is not read from because its peer does not read. */
    boolean isPaused() {
        return pressure.isPaused();
    }

    // Liveness.

    private void gone(CloseCause why) {
        if (why == CloseCause.SLOW_CONSUMER) {
            // A Close frame would queue up behind what the peer does not read.
            beginClosing(why, CloseCode.ABNORMAL);
            channel.reset();
            return;
        }
        String patience = Durations.format(settings.idleTimeout());
        beginClosing(why, CloseCode.GOING_AWAY);
        sendClose(CloseCode.GOING_AWAY, "nothing received for " + patience);
        channel.closeAfterFlush();
        closeWithin(LAST_WORD);
    }

    // The end.

    /** Ends the connection because memory is short, if its peer has not read what is due to it for a time. */
    void shed(Duration patience) {
        if (state == State.OPEN && pressure.isPausedFor(patience)) {
            gone(CloseCause.SLOW_CONSUMER);
        }
    }

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
        liveness.end();
        closeWithin(settings.closingTimeout());
        role.end();
    }

    private void sendClose(int code, String reason) {
        channel.write(FrameEncoder.close(channel.allocator(), code, reason));
        channel.flush();
        pressure.ease(); // Whoever does not read has to be read from all the same, to find the answer.
    }

    /** The TCP connection has ended, whoever ended it. It is told exactly once, whatever fails; nothing of one that never opened. */
    void onDisconnected() {
        State before = state;
        state = State.CLOSED;
        if (before == State.CONNECTING || before == State.CLOSED) {
            return;
        }
        try {
            liveness.end();
            if (deadline != null) {
                deadline.cancel(false);
            }
            role.end();
        } finally {
            tellEnd();
        }
    }

    private void tellEnd() {
        var end = new ConnectionEnd(
                cause == null ? CloseCause.NETWORK : cause,
                closeCode,
                Duration.ofNanos(channel.nanoTime() - openedAt),
                messagesReceived,
                messagesSent);
        try {
            observer.closed(info, end);
            ConnectionLog.closed(info, end);
        } finally {
            owner.closed(this);
        }
    }

    private void closeWithin(Duration time) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        deadline = channel.schedule(channel::close, time.toNanos());
    }
}
