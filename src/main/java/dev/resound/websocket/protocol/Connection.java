package dev.resound.websocket.protocol;

import dev.resound.setting.Durations;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection (RFC 6455) from the accepted handshake to the end of its transport, without I/O. Bytes, the end of input, failures,
 * writability, time and the service's own requests come in; frames and the end of the {@link Transport} go out. It echoes every frame, keeps the
 * connection alive, bounds what it holds for a slow reader, and ends exactly once, with one {@link CloseCause}.
 *
 * <p>Inputs are processed in the order in which they arrive. While the peer does not read, or another connection has its turn, they wait in an
 * {@link InboundQueue}. Only what breaks this off is not queued: time, writability, and the loss of the transport.
 *
 * <p>For one thread.
 */
public final class Connection implements FrameSink {

    /** The states of RFC 6455 (sections 4.1 and 7.1). */
    private enum State {
        CONNECTING,
        OPEN,
        CLOSING,
        CLOSED
    }

    /** Bytes, read or inflated, that are processed before other connections have their turn. */
    private static final int TURN = 64 * 1024;

    /** A compressed message takes the time of this many bytes, however short it is. */
    private static final int LEAST_CHARGE = 1024;

    /** How long a Close frame to a peer that is gone may take. */
    private static final Duration LAST_CLOSE = Duration.ofMillis(100);

    private final Transport transport;
    private final ProtocolSettings settings;
    private final SubprotocolHandler handler;
    private final TrafficObserver observer;
    private final ConnectionListener listener;

    private final InboundQueue inputs = new InboundQueue();
    private final FrameDecoder decoder;
    private final CoalescingWriter writer;
    private final KeepAlive keepAlive;
    /** Both are null unless compression was negotiated. */
    private final @Nullable MessageInflater inflater;

    private final @Nullable MessageDeflater deflater;

    private State state = State.CONNECTING;
    private @Nullable CloseCause cause;
    private int closeCode = CloseCode.ABNORMAL;
    private boolean draining;

    /** Nothing that arrives matters any more. */
    private boolean inputOver;
    /** The peer does not read, so it is not read from. */
    private boolean paused;

    private long pausedAt;
    /** Other connections have their turn. */
    private boolean yielded;

    private boolean reading = true;
    /** Inputs are being processed further up the stack. */
    private boolean processing;
    /** Bytes processed in this turn. */
    private int charged;

    private long openedAt;
    /** When the closing handshake has to be over, how long that time was, and what was pending when it began. */
    private long deadline;

    private Duration patience = Duration.ZERO;
    private long pendingAtDeadline;

    private long messagesReceived;
    private long messagesSent;

    /**
     * A connection whose handshake was accepted.
     *
     * @param compression what was negotiated; empty for none
     * @param handler what the connection is for
     * @param listener is told when it opens and ends
     */
    public Connection(
            Transport transport,
            ProtocolSettings settings,
            Optional<DeflateParameters> compression,
            SubprotocolHandler handler,
            TrafficObserver observer,
            ConnectionListener listener) {
        this.transport = transport;
        this.settings = settings;
        this.handler = handler;
        this.observer = observer;
        this.listener = listener;
        decoder = new FrameDecoder(this, settings.pieceSize(), settings.maxFrameSize(), transport.allocator());
        writer = new CoalescingWriter(transport::write);
        keepAlive = new KeepAlive(settings.keepAliveInterval(), settings.idleTimeout());
        if (compression.isPresent()) {
            decoder.allowCompression();
            inflater = new MessageInflater(compression.get(), settings.pieceSize(), transport.allocator(), this::echo);
            deflater = new MessageDeflater(compression.get(), transport.allocator());
        } else {
            inflater = null;
            deflater = null;
        }
    }

    /** The handshake is complete. */
    public void open() {
        openedAt = transport.nanoTime();
        state = State.OPEN;
        if (keepAlive.isOn()) {
            keepAlive.start(openedAt);
            transport.setTimer(keepAlive.delay(openedAt));
        }
        listener.opened(this);
        handler.opened(this);
    }

    // Inputs.

    /** Bytes arrived; this takes over the buffer. One read may bring several buffers: TLS makes one of each record. */
    public void receive(ByteBuf bytes) {
        if (inputOver) {
            bytes.release();
            return;
        }
        if (keepAlive.isOn()) {
            keepAlive.activity(transport.nanoTime());
        }
        inputs.add(bytes);
        processInputs();
    }

    /** All buffers of one read have arrived. */
    public void endOfRead() {
        if (!yielded) {
            charged = 0;
        }
    }

    /** The peer has ended its side of the stream. */
    public void endOfInput() {
        if (!inputOver) {
            inputs.add(InboundQueue.Event.END_OF_INPUT);
            processInputs();
        }
    }

    /** The peer has taken enough of the output. */
    public void writable() {
        if (paused) {
            release();
            continueInputs();
        }
    }

    /** The other connections had their turn. */
    public void resume() {
        yielded = false;
        continueInputs();
    }

    /** The timer has fired. */
    public void onTimer() {
        long now = transport.nanoTime();
        switch (state) {
            case OPEN -> {
                if (draining) {
                    checkDeadline(now);
                } else {
                    checkKeepAlive(now);
                }
            }
            case CLOSING -> checkDeadline(now);
            case CONNECTING, CLOSED -> {}
        }
    }

    /** The transport has failed, for example by a reset. */
    public void lost() {
        beginClosing(CloseCause.NETWORK, CloseCode.ABNORMAL);
        ignoreInput();
        transport.close();
    }

    /** This service has failed. */
    public void failed(Throwable fault) {
        listener.failed(fault);
        fail(CloseCause.ERROR, CloseCode.INTERNAL_ERROR, "internal error");
    }

    /** The transport has ended, whoever ended it. Everything about the end is reported here, once. */
    public void disconnected() {
        State before = state;
        state = State.CLOSED;
        ignoreInput();
        writer.release();
        if (deflater != null) {
            deflater.release();
        }
        if (before == State.CONNECTING || before == State.CLOSED) {
            return;
        }
        try {
            transport.cancelTimer();
            handler.closing();
        } finally {
            var duration = Duration.ofNanos(transport.nanoTime() - openedAt);
            var reported = cause == null ? CloseCause.NETWORK : cause;
            listener.closed(this, new ConnectionEnd(reported, closeCode, duration, messagesReceived, messagesSent));
        }
    }

    // The service's requests.

    /** Sends a text message of the service's own with the next {@link #flush}. */
    public void send(SharedMessage message) {
        if (state == State.OPEN) {
            write(message.frame());
            countSent(MessageType.TEXT, message.length(), true);
            checkBackPressure();
        }
    }

    /** Sends a ping that does not belong to the keep-alive; its pong shows that the peer has read everything before it. */
    public void sendProbe(byte[] payload) {
        if (state == State.OPEN) {
            write(FrameEncoder.ping(transport.allocator(), payload));
        }
    }

    /** Sends what was written. */
    public void flush() {
        transport.flush();
    }

    /** Whether earlier output has not even left for the layer below. */
    public boolean isBusy() {
        return paused || transport.pendingBytes() > 0;
    }

    /**
     * Closes the connection with 1001 because the service shuts down. What arrived before is echoed first, unless that takes longer than the
     * closing timeout.
     */
    public void drain() {
        if (draining) {
            return;
        }
        draining = true;
        if (state != State.OPEN) {
            return; // It is closing, and its deadline is not extended any more.
        }
        setDeadline(settings.closingTimeout());
        if (isUpToDate()) {
            closeForDrain();
        } else {
            inputs.add(InboundQueue.Event.DRAIN);
        }
    }

    /** Ends the connection because memory is short, if its peer has not read for a time. */
    public void shed(Duration time) {
        long now = transport.nanoTime();
        if (isPaused() && now - pausedAt >= time.toNanos()) {
            endSlowConsumer();
        } else if (state == State.CLOSING && transport.pendingBytes() > 0) {
            long closingSince = deadline - patience.toNanos();
            if (now - closingSince >= time.toNanos()) {
                transport.reset();
            }
        }
    }

    /** Whether the connection does not read because its peer does not. */
    public boolean isPaused() {
        return paused && state == State.OPEN;
    }

    /** Bytes that arrived and wait to be processed. */
    public long heldBytes() {
        return inputs.bytes();
    }

    // Processing, one unit after the other.

    private void continueInputs() {
        charged = 0;
        processInputs();
        transport.flush();
    }

    private void processInputs() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            while (!paused && !yielded && !inputOver) {
                if (charged >= TURN && !isUpToDate()) {
                    yielded = true;
                    transport.resumeLater();
                } else if (inflater != null && inflater.hasInput()) {
                    int inflated = inflater.inflate();
                    writer.flushOwned();
                    charged += Math.max(inflated, LEAST_CHARGE);
                } else if (!processFirst()) {
                    break;
                }
            }
        } catch (ProtocolViolation violation) {
            fail(causeOf(violation), violation.closeCode(), violation.rule());
        } finally {
            processing = false;
        }
        dropIgnoredInput();
        setReading(!paused && !yielded);
    }

    /** Returns false if there is nothing to process. */
    private boolean processFirst() {
        Object first = inputs.first();
        if (first instanceof ByteBuf bytes) {
            decode(bytes);
        } else if (first == InboundQueue.Event.DRAIN) {
            inputs.removeFirst();
            closeForDrain();
        } else if (first == InboundQueue.Event.END_OF_INPUT) {
            endAfterOutput();
        } else {
            return false;
        }
        return true;
    }

    private void decode(ByteBuf bytes) {
        int before = bytes.readableBytes();
        decoder.resume();
        decoder.decode(bytes);
        boolean unfinished = bytes.isReadable();
        if (unfinished) {
            writer.flushSlice();
        } else {
            writer.flushOwned();
        }
        if (!unfinished || !decoder.isSuspended()) { // What follows a Close frame is ignored.
            inputs.removeFirst();
            charged += before;
        }
    }

    /** Whether everything that arrived has been processed. */
    private boolean isUpToDate() {
        return inputs.isEmpty() && (inflater == null || !inflater.hasInput());
    }

    private void setReading(boolean on) {
        if (on != reading) {
            reading = on;
            transport.setReading(on);
        }
    }

    /** Drops what waits, and whatever arrives from now on. Output that fails may call this in the middle of processing. */
    private void ignoreInput() {
        inputOver = true;
        decoder.release();
        dropIgnoredInput();
    }

    private void dropIgnoredInput() {
        if (inputOver && !processing) {
            inputs.clear();
            if (inflater != null) {
                inflater.release();
            }
        }
    }

    // Frames.

    @Override
    public void onData(DataFrame frame) {
        if (inflater != null && frame.isCompressed()) {
            inflater.feed(frame);
            decoder.suspend(); // Until all of it is inflated.
        } else {
            echo(frame);
        }
    }

    /** Echoes a frame, or a piece of one, as it arrived: its type, its boundaries, and whether it is compressed. */
    private void echo(DataFrame frame) {
        MessageType type = frame.isText() ? MessageType.TEXT : MessageType.BINARY;
        observer.received(type, frame.length(), frame.endsMessage());
        messagesReceived += frame.endsMessage() ? 1 : 0;
        if (state != State.OPEN || !handler.echoes()) {
            return; // After a Close frame no data is sent (RFC 6455 section 5.5.1).
        }
        if (deflater != null && frame.isCompressed()) {
            deflater.write(frame, writer);
        } else {
            writer.append(frame);
        }
        countSent(type, frame.length(), frame.endsMessage());
        checkBackPressure();
    }

    private void countSent(MessageType type, int bytes, boolean endOfMessage) {
        observer.sent(type, bytes, endOfMessage);
        messagesSent += endOfMessage ? 1 : 0;
    }

    /** A ping is answered with its payload (RFC 6455 section 5.5.3). */
    @Override
    public void onPing(byte[] payload) {
        if (state == State.OPEN) {
            write(FrameEncoder.pong(transport.allocator(), payload));
            checkBackPressure();
        }
    }

    @Override
    public void onPong(byte[] payload) {
        observer.pongReceived();
        long roundTrip = keepAlive.roundTrip(payload, transport.nanoTime());
        if (roundTrip >= 0) {
            observer.roundTrip(roundTrip);
        }
        handler.onPong(payload);
    }

    /**
     * A Close frame is answered with its own code and reason (RFC 6455 section 5.5.1). Then both sides have sent one, and the server ends the TCP
     * connection first (section 7.1.1).
     */
    @Override
    public void onClose(int code, byte[] payload) {
        if (state == State.OPEN) {
            write(FrameEncoder.close(transport.allocator(), payload));
            beginClosing(CloseCause.CLIENT, code);
        }
        ignoreInput();
        shutdownOutput();
    }

    private void write(ByteBuf frame) {
        writer.flushSlice();
        transport.write(frame);
    }

    // Slow readers.

    /** Output was written, by this connection or by the layer below it. Stops reading while the peer does not take it. */
    public void checkBackPressure() {
        if (paused || state != State.OPEN || transport.isWritable()) {
            return;
        }
        writer.flushSlice();
        transport.flushNow();
        if (!transport.isWritable()) {
            paused = true;
            pausedAt = transport.nanoTime();
            decoder.suspend();
            setReading(false);
            transport.notifyWhenWritable();
            observer.backpressurePause();
            if (keepAlive.isOn() && !draining) {
                keepAlive.blocked(transport.pendingBytes(), pausedAt);
                transport.setTimer(keepAlive.delay(pausedAt));
            }
        }
    }

    private void release() {
        paused = false;
        keepAlive.released(transport.nanoTime());
    }

    // Time.

    /** Pings every X, and ends the connection after 2*X without activity. */
    private void checkKeepAlive(long now) {
        switch (keepAlive.check(transport.pendingBytes(), now)) {
            case PING -> {
                write(FrameEncoder.ping(transport.allocator(), keepAlive.ping(now)));
                transport.flush();
                observer.pingSent();
            }
            case EXPIRED -> {
                if (paused) {
                    endSlowConsumer();
                } else {
                    endIdle();
                }
                return;
            }
            case NOTHING -> {}
        }
        transport.setTimer(keepAlive.delay(now));
    }

    private void endIdle() {
        fail(CloseCause.IDLE, CloseCode.GOING_AWAY, "nothing received for " + Durations.format(settings.idleTimeout()));
        setDeadline(LAST_CLOSE);
    }

    /** A Close frame would wait behind the output that the peer does not read. */
    private void endSlowConsumer() {
        beginClosing(CloseCause.SLOW_CONSUMER, CloseCode.ABNORMAL);
        ignoreInput();
        transport.reset();
    }

    private void setDeadline(Duration time) {
        long now = transport.nanoTime();
        deadline = now + time.toNanos();
        patience = time;
        pendingAtDeadline = transport.pendingBytes();
        transport.setTimer(time.toNanos());
    }

    /** Ends a connection that takes too long to close. A stall of this service, and output that the peer still takes, extend the time. */
    private void checkDeadline(long now) {
        boolean stalled = KeepAlive.isStall(now - deadline, patience.toNanos());
        long pending = transport.pendingBytes();
        boolean progress = !draining && pending > 0 && pending < pendingAtDeadline;
        if (stalled || progress) {
            setDeadline(patience);
            return;
        }
        beginClosing(CloseCause.DRAIN, CloseCode.ABNORMAL); // If it is still open, what is left to echo takes too long.
        transport.close();
    }

    // The end.

    private void closeForDrain() {
        close(CloseCause.DRAIN, CloseCode.GOING_AWAY, "server draining");
    }

    /** The peer sends nothing any more, and what it sent is processed: it gets the rest of the output. */
    private void endAfterOutput() {
        beginClosing(CloseCause.NETWORK, CloseCode.ABNORMAL);
        ignoreInput();
        shutdownOutput();
    }

    /** There is no more output: what is pending now should shrink until the deadline. */
    private void shutdownOutput() {
        transport.shutdownOutput();
        pendingAtDeadline = transport.pendingBytes();
    }

    /** Fails the connection (RFC 6455 section 7.1.7). */
    private void fail(CloseCause why, int code, String reason) {
        close(why, code, reason);
        ignoreInput();
        shutdownOutput();
    }

    private static CloseCause causeOf(ProtocolViolation violation) {
        return switch (violation.closeCode()) {
            case CloseCode.INVALID_PAYLOAD -> CloseCause.INVALID_PAYLOAD;
            case CloseCode.TOO_BIG -> CloseCause.TOO_BIG;
            default -> CloseCause.PROTOCOL_ERROR;
        };
    }

    /** Sends a Close frame, unless one was sent. The peer's answer is read even if the peer does not read: nothing is echoed any more. */
    private void close(CloseCause why, int code, String reason) {
        if (state != State.OPEN) {
            return;
        }
        write(FrameEncoder.close(transport.allocator(), code, reason));
        transport.flush();
        beginClosing(why, code);
        if (paused) {
            release();
            setReading(!yielded);
        }
    }

    /** The only way out of {@link State#OPEN}: fixes the cause, and the time that is left. Output that is pending now should shrink in that time. */
    private void beginClosing(CloseCause why, int code) {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSING;
        cause = why;
        closeCode = code;
        if (!draining) { // Its time began with the drain.
            setDeadline(settings.closingTimeout());
        }
        handler.closing();
    }
}
