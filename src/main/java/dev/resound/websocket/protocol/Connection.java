package dev.resound.websocket.protocol;

import dev.resound.setting.Durations;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection (RFC 6455) from the accepted handshake to the end of its transport, without I/O. Bytes, the
 * end of input, failures, writability, time and requests of the service come in; frames and the end of the
 * {@link Transport} go out. It echoes data frames if the subprotocol does, keeps the connection alive, bounds the
 * memory used for a slow reader, and ends exactly once, with one {@link CloseCause}.
 *
 * <p>Bytes, the end of input and a drain are processed in the order in which they arrive. They wait in an
 * {@link InboundQueue} while the peer does not read, and while this connection yields to others. Time, writability,
 * failures and requests such as {@link #shed} do not wait in the queue. They take effect at once.
 *
 * <p>Not thread-safe: all calls must come from one thread.
 */
public final class Connection implements FrameSink {

    /** The states of RFC 6455 (sections 4.1 and 7.1). */
    private enum State {
        CONNECTING,
        OPEN,
        CLOSING,
        CLOSED
    }

    /** Bytes, read or inflated, that a connection processes before it yields the thread to other connections. */
    private static final int TURN_BYTES = 64 * 1024;

    /** The minimum charge for an inflated piece: even a short message takes the time of this many bytes. */
    private static final int MIN_CHARGE = 1024;

    /** How long a peer that has timed out has to take its Close frame. */
    private static final Duration IDLE_GRACE = Duration.ofMillis(100);

    private final Transport transport;
    private final ProtocolSettings settings;
    private final SubprotocolHandler handler;
    private final TrafficObserver observer;
    private final ConnectionListener listener;

    private final InboundQueue inputs = new InboundQueue();
    private final FrameDecoder decoder;
    private final CoalescingWriter writer;
    private final KeepAlive keepAlive;
    private final ClosingDeadline closingDeadline = new ClosingDeadline();
    /** Null unless compression was negotiated. */
    private final @Nullable MessageInflater inflater;
    /** Null unless compression was negotiated. */
    private final @Nullable MessageDeflater deflater;

    private State state = State.CONNECTING;
    private @Nullable CloseCause cause;
    private int closeCode = CloseCode.ABNORMAL;
    private boolean draining;

    /** Whether input is ignored. */
    private boolean inputOver;
    /** Whether this connection has stopped reading because its peer does not read. */
    private boolean paused;
    /** When the pause began. */
    private long pausedAt;
    /** Whether this connection has yielded the thread to others. */
    private boolean yielded;
    /** Whether the transport reads from the peer. */
    private boolean reading = true;
    /** Whether {@link #processInputs} is already on the stack. */
    private boolean processing;
    /** Bytes processed in this turn. */
    private int chargedThisTurn;

    private long openedAt;
    private long messagesReceived;
    private long messagesSent;

    /**
     * Creates a connection whose handshake was accepted.
     *
     * @param compression empty if it was not negotiated
     * @param handler the behaviour of the negotiated subprotocol
     * @param listener is called when the connection opens, fails and ends
     */
    public Connection(
            Transport transport,
            ProtocolSettings settings,
            Optional<Compression> compression,
            SubprotocolHandler handler,
            TrafficObserver observer,
            ConnectionListener listener) {
        this.transport = transport;
        this.settings = settings;
        this.handler = handler;
        this.observer = observer;
        this.listener = listener;
        decoder = new FrameDecoder(this, settings.pieceSize(), settings.maxFrameSize(), transport.allocator());
        writer = new CoalescingWriter(transport::writeEcho);
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

    /** Opens the connection, once the handshake is complete. */
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

    /**
     * Receives bytes and takes ownership of the buffer. One read may bring several buffers: TLS creates one for each
     * record.
     */
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

    /** Handles the end of a read: all of its buffers have been received. */
    public void endOfRead() {
        if (!yielded) {
            chargedThisTurn = 0;
        }
    }

    /** Handles the end of the input: the peer has ended its side of the stream. */
    public void endOfInput() {
        if (!inputOver) {
            inputs.add(InboundQueue.Event.END_OF_INPUT);
            processInputs();
        }
    }

    /** Continues after a pause, once the peer has taken enough of the output. */
    public void writable() {
        if (isPaused()) {
            release();
            continueInputs();
        }
    }

    /** Continues after a yield, once other connections have run. */
    public void resume() {
        yielded = false;
        continueInputs();
    }

    /** Handles the timer: checks the keep-alive, or the deadline for closing. */
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

    /** Ends the connection because the transport has failed, for example by a reset. */
    public void onPeerLost() {
        beginClosing(CloseCause.NETWORK, CloseCode.ABNORMAL);
        ignoreInput();
        transport.close();
    }

    /** Ends the connection with 1011 because of an internal error. */
    public void onFault(Throwable fault) {
        listener.failed(fault);
        fail(CloseCause.ERROR, "internal error");
    }

    /** Handles the end of the transport, whichever side caused it, and reports it to the listener, once. */
    public void onTransportEnd() {
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

    // Requests of the service.

    /** Queues a text message from the service; {@link #flush} sends it. */
    public void send(SharedMessage message) {
        if (state == State.OPEN) {
            write(message.frame());
            countSent(MessageType.TEXT, message.length(), true);
            checkBackPressure();
        }
    }

    /** Queues a ping that is not part of the keep-alive. Its pong shows that the peer has read everything before it. */
    public void sendProbe(byte[] payload) {
        if (state == State.OPEN) {
            write(FrameEncoder.ping(transport.allocator(), payload));
        }
    }

    /** Sends the queued output. */
    public void flush() {
        transport.flush();
    }

    /** Whether the peer has not taken all earlier output. */
    public boolean isBusy() {
        return paused || transport.pendingBytes() > 0;
    }

    /**
     * Closes the connection with 1001 because the service is shutting down. Input that arrived before is echoed first,
     * unless that takes longer than the closing timeout.
     */
    public void drain() {
        if (draining) {
            return;
        }
        draining = true;
        if (state != State.OPEN) {
            return; // A closing connection keeps its deadline. From now on, only a stall extends it.
        }
        setDeadline(settings.closingTimeout());
        if (isUpToDate()) {
            closeForDrain();
        } else {
            inputs.add(InboundQueue.Event.DRAIN);
        }
    }

    /** Closes the connection with this code, because the peer has requested this fault. */
    public void closeForFault(int code, String reason) {
        sendClose(CloseCause.FAULT, code, reason);
    }

    /** Stops reading for good, because the peer has requested this fault. Bytes that arrive nevertheless wait. */
    public void stallForFault() {
        yielded = true; // And never resumes.
        setReading(false);
    }

    /** Resets the connection without a Close frame, because the peer has requested this fault. */
    public void resetForFault() {
        if (state == State.OPEN) {
            beginClosing(CloseCause.FAULT, CloseCode.ABNORMAL);
            ignoreInput();
            transport.reset();
        }
    }

    /**
     * Ends the output without a Close frame, because the peer has requested this fault. The peer then has the closing
     * timeout to end its side.
     */
    public void endOutputForFault() {
        if (state == State.OPEN) {
            writer.flushSlice();
            beginClosing(CloseCause.FAULT, CloseCode.ABNORMAL);
            shutdownOutput();
        }
    }

    /**
     * Ends the connection to free memory, if it has been paused for at least this time because its peer does not read.
     * A closing connection also ends if output is pending, and this time has passed since the closing timeout started
     * or was extended.
     */
    public void shed(Duration time) {
        long now = transport.nanoTime();
        if (isPaused() && now - pausedAt >= time.toNanos()) {
            endSlowConsumer();
        } else if (state == State.CLOSING
                && transport.pendingBytes() > 0
                && closingDeadline.elapsed(now) >= time.toNanos()) {
            transport.reset();
        }
    }

    /** Whether the connection has stopped reading because its peer does not read. */
    public boolean isPaused() {
        return paused && state == State.OPEN;
    }

    /** Bytes of input that have not been processed. */
    public long heldBytes() {
        return inputs.bytes();
    }

    // Processing, one step at a time.

    private void continueInputs() {
        chargedThisTurn = 0;
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
                if (chargedThisTurn >= TURN_BYTES && !isUpToDate()) {
                    yielded = true;
                    transport.resumeLater();
                } else if (inflater != null && inflater.hasInput()) {
                    int inflated = inflater.inflate();
                    writer.flushOwned();
                    chargedThisTurn += Math.max(inflated, MIN_CHARGE);
                } else if (!processFirst()) {
                    break;
                }
            }
        } catch (ProtocolViolation violation) {
            fail(violation.closeCause(), violation.rule());
        } finally {
            processing = false;
        }
        dropIgnoredInput();
        setReading(!paused && !yielded);
    }

    /** Processes the first input of the queue. Returns false if there is none. */
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
        // A suspended decoder continues with this buffer later. After a Close frame, the rest is dropped.
        if (!unfinished || !decoder.isSuspended()) {
            inputs.removeFirst();
            chargedThisTurn += before;
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

    /**
     * Discards the waiting input and everything that arrives from now on. A write can fail during processing. The
     * waiting input is then discarded when processing returns.
     */
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
            decoder.suspend(); // The frame is inflated piece by piece before the next one is decoded.
        } else {
            echo(frame);
        }
    }

    /**
     * Echoes a frame or a piece of one. The echo has the same type and boundaries, and is compressed if the input was.
     */
    private void echo(DataFrame frame) {
        MessageType type = frame.isText() ? MessageType.TEXT : MessageType.BINARY;
        observer.received(type, frame.length(), frame.endsMessage());
        messagesReceived += frame.endsMessage() ? 1 : 0;
        if (state != State.OPEN || !handler.echoes(frame)) {
            return; // No data may follow a Close frame (RFC 6455 section 5.5.1).
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

    /** Answers a ping with a pong that has the same payload (RFC 6455 section 5.5.3). */
    @Override
    public void onPing(byte[] payload) {
        if (state == State.OPEN && handler.answersPings()) {
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
     * Answers a Close frame with its own code and reason (RFC 6455 section 5.5.1). Both sides have then sent one, and
     * the server ends the TCP connection first (section 7.1.1).
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

    /**
     * Pauses the connection if the peer does not take the output. Must be called after each write. The transport calls
     * it if a layer below, such as TLS, has written.
     */
    public void checkBackPressure() {
        if (paused || state != State.OPEN || transport.isWritable()) {
            return;
        }
        writer.flushSlice();
        transport.flushNow();
        if (state == State.OPEN && !transport.isWritable()) { // A failed flush ends the connection.
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

    /** Ends the pause. */
    private void release() {
        paused = false;
        keepAlive.released(transport.nanoTime());
    }

    // Time.

    /** Pings at each interval, and ends the connection after the idle timeout without activity. */
    private void checkKeepAlive(long now) {
        KeepAlive.Verdict verdict = keepAlive.check(transport.pendingBytes(), now);
        transport.setTimer(keepAlive.delay(now)); // First, because closing replaces the timer.
        switch (verdict) {
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
            }
            case NOTHING -> {}
        }
    }

    private void endIdle() {
        fail(CloseCause.IDLE, "nothing received for " + Durations.format(settings.idleTimeout()));
        setDeadline(IDLE_GRACE); // Replaces the closing timeout.
    }

    /** Resets the connection: a Close frame would wait behind the output that the peer does not read. */
    private void endSlowConsumer() {
        beginClosing(CloseCause.SLOW_CONSUMER, CloseCode.ABNORMAL);
        ignoreInput();
        transport.reset();
    }

    private void setDeadline(Duration time) {
        closingDeadline.start(time, transport.pendingBytes(), transport.nanoTime());
        transport.setTimer(time.toNanos());
    }

    /**
     * Closes a connection that takes too long to close. The deadline is extended if this service stalled, or if the
     * peer still takes output and the connection is not draining.
     */
    private void checkDeadline(long now) {
        if (closingDeadline.expired(transport.pendingBytes(), !draining, now)) {
            // If the connection is still open, the echo of earlier input took too long; otherwise this changes nothing.
            beginClosing(CloseCause.DRAIN, CloseCode.ABNORMAL);
            transport.close();
        } else {
            transport.setTimer(closingDeadline.delay(now));
        }
    }

    // The end.

    private void closeForDrain() {
        sendClose(CloseCause.DRAIN, CloseCause.DRAIN.code(), "server draining");
    }

    /**
     * Ends the connection after the remaining output, because the peer has ended its side and all of its input is
     * processed.
     */
    private void endAfterOutput() {
        beginClosing(CloseCause.NETWORK, CloseCode.ABNORMAL);
        ignoreInput();
        shutdownOutput();
    }

    /** Ends the output. Progress is measured against what is pending now. */
    private void shutdownOutput() {
        transport.shutdownOutput();
        closingDeadline.measureFrom(transport.pendingBytes());
    }

    /** Fails the connection (RFC 6455 section 7.1.7). */
    private void fail(CloseCause why, String reason) {
        sendClose(why, why.code(), reason);
        ignoreInput();
        shutdownOutput();
    }

    /**
     * Sends a Close frame, unless one was sent, and ends a pause: nothing is echoed any more, but the answer must be
     * read.
     */
    private void sendClose(CloseCause why, int code, String reason) {
        if (state != State.OPEN) {
            return;
        }
        write(FrameEncoder.close(transport.allocator(), code, reason));
        try {
            beginClosing(why, code); // Before the flush, so that no echo can follow the Close frame.
        } finally {
            transport.flush();
        }
        if (paused) {
            release();
            setReading(!yielded);
        }
    }

    /**
     * Starts to close an open connection: sets the cause and the deadline. If the transport ends without this, the
     * cause is {@link CloseCause#NETWORK}.
     */
    private void beginClosing(CloseCause why, int code) {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSING;
        cause = why;
        closeCode = code;
        if (!draining) { // A drain has already set the deadline.
            setDeadline(settings.closingTimeout());
        }
        handler.closing();
    }
}
