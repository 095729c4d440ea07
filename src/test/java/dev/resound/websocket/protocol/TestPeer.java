package dev.resound.websocket.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.WireFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Tests a {@link Connection} without sockets, from the side of its peer: method calls pass bytes in, and time advances
 * only if a test calls for it.
 */
final class TestPeer implements Transport, TrafficObserver, ConnectionListener {

    static final Duration X = Duration.ofSeconds(10);
    static final Duration CLOSING = Duration.ofSeconds(5);
    static final int PIECE = 4096;

    /** How the connection has ended the transport. */
    enum Ending {
        SHUTDOWN_OUTPUT,
        CLOSE,
        RESET
    }

    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    final List<Ending> endings = new ArrayList<>();
    final List<ConnectionEnd> ends = new ArrayList<>();
    final List<Throwable> faults = new ArrayList<>();
    final List<Long> roundTrips = new ArrayList<>();
    final Connection connection;

    /** Starts near the overflow, as {@link System#nanoTime} may. */
    long now = Long.MAX_VALUE - Duration.ofSeconds(15).toNanos();
    /** The bytes of output that the peer takes before the connection becomes unwritable. */
    long capacity = Long.MAX_VALUE;
    /** Whether the peer takes all output as soon as it is flushed. */
    boolean takesWhatIsFlushed;
    /** What happens during each flush. */
    Runnable duringFlush = () -> {};

    boolean reading = true;
    int opened;
    int received;
    int receivedBytes;
    /** Bytes of text; the other bytes are binary. */
    int receivedText;

    int sent;
    int sentBytes;
    int sentText;
    int pingsSent;
    int pongsReceived;
    int pauses;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private int flushed;
    private int taken;
    private long pending;
    private boolean notify;
    private @Nullable Long timer;

    private TestPeer(ProtocolSettings settings, Optional<Compression> compression, SubprotocolHandler handler) {
        connection = new Connection(this, settings, compression, handler, this, this);
    }

    /** An open echo connection with X of 10 s, a closing timeout of 5 s and pieces of 4 KiB. */
    static TestPeer open() {
        return open(SubprotocolHandler.ECHO);
    }

    static TestPeer open(SubprotocolHandler handler) {
        return open(new ProtocolSettings(X, X.multipliedBy(2), CLOSING, PIECE, 0), handler);
    }

    static TestPeer open(ProtocolSettings settings, SubprotocolHandler handler) {
        var peer = new TestPeer(settings, Optional.empty(), handler);
        peer.connection.open();
        return peer;
    }

    /** With permessage-deflate. */
    static TestPeer openCompressed(DeflateParameters parameters) {
        var peer = new TestPeer(
                new ProtocolSettings(X, X.multipliedBy(2), CLOSING, PIECE, 0),
                Optional.of(new Compression(parameters, new CompressorPool())),
                SubprotocolHandler.ECHO);
        peer.connection.open();
        return peer;
    }

    // Actions of the peer.

    TestPeer sends(WireFrame... frames) {
        var bytes = new ByteArrayOutputStream();
        for (WireFrame frame : frames) {
            bytes.writeBytes(frame.bytes());
        }
        return sends(bytes.toByteArray());
    }

    /** In one read, at whose end the transport flushes. */
    TestPeer sends(byte[] bytes) {
        sendsPart(bytes).connection.endOfRead();
        flushNow();
        return this;
    }

    /** In one of several buffers of a read, so that nothing is flushed yet. */
    TestPeer sendsPart(byte[] bytes) {
        connection.receive(allocator
                .buffer(DataFrame.HEADROOM + bytes.length)
                .setIndex(DataFrame.HEADROOM, DataFrame.HEADROOM)
                .writeBytes(bytes));
        return this;
    }

    /** The frames that were flushed since the last call. */
    List<WireFrame> frames() {
        var frames = new ArrayList<WireFrame>();
        ByteBuffer bytes = ByteBuffer.wrap(output.toByteArray(), 0, flushed).position(taken);
        taken = bytes.limit();
        while (bytes.hasRemaining()) {
            int first = bytes.get();
            int length = bytes.get();
            assertThat(length).as("a server never masks").isNotNegative();
            length = length == 126 ? bytes.getShort() & 0xFFFF : length == 127 ? (int) bytes.getLong() : length;
            byte[] payload = new byte[length];
            bytes.get(payload);
            frames.add(WireFrame.frame(first & 0xF, payload)
                    .fin((first & 0x80) != 0)
                    .reserved(first >> 4 & 7));
        }
        return frames;
    }

    TestPeer expect(WireFrame... frames) {
        assertThat(frames()).containsExactly(frames);
        return this;
    }

    /** Takes some of the output; the connection is notified if it may write more. */
    TestPeer reads(long bytes) {
        pending = Math.max(0, pending - bytes);
        if (notify && isWritable()) {
            notify = false;
            connection.writable();
        }
        return this;
    }

    /** Takes all of the output, repeatedly until nothing is pending. */
    TestPeer readsEverything() {
        while (pending > 0) {
            reads(pending);
        }
        return this;
    }

    /** Runs the other connections once. */
    TestPeer turn() {
        for (int waiting = later.size(); waiting > 0; waiting--) {
            later.remove().run();
        }
        return this;
    }

    boolean isYielded() {
        return !later.isEmpty();
    }

    /** Advances the time, and fires the timer whenever it is due. */
    TestPeer passes(Duration time) {
        long end = now + time.toNanos();
        while (timer != null && timer - end <= 0) {
            now = timer;
            fire();
        }
        now = end;
        return this;
    }

    /** Advances the time while the service is stalled; a timer that becomes due fires late. */
    TestPeer stalls(Duration time) {
        now += time.toNanos();
        return this;
    }

    /** Fires the timer if it is due, without advancing the time. */
    TestPeer firesIfDue() {
        if (timer != null && timer - now <= 0) {
            fire();
        }
        return this;
    }

    private void fire() {
        timer = null;
        connection.onTimer();
    }

    /** Ends the transport, as after an {@link Ending}, and checks that nothing is left behind. */
    ConnectionEnd disconnects() {
        connection.onTransportEnd();
        assertThat(ends).hasSize(1);
        assertThat(timer).as("the timer").isNull();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
                .as("bytes that were not released")
                .isZero();
        return ends.getFirst();
    }

    /** Checks how the connection ended. */
    void expectEnd(CloseCause cause, int code, Ending... how) {
        assertThat(endings).containsExactly(how);
        ConnectionEnd end = disconnects();
        assertThat(end.cause()).isEqualTo(cause);
        assertThat(end.code()).isEqualTo(code);
    }

    long pending() {
        return pending;
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    // The transport.

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public ByteBufAllocator allocator() {
        return allocator;
    }

    @Override
    public void write(ByteBuf bytes) {
        pending += bytes.readableBytes();
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy).release();
        output.writeBytes(copy);
    }

    @Override
    public void flush() {
        flushNow();
    }

    @Override
    public void flushNow() {
        flushed = output.size();
        if (capacity == Long.MAX_VALUE || takesWhatIsFlushed) {
            pending = 0;
        }
        duringFlush.run();
    }

    @Override
    public boolean isWritable() {
        return pending <= capacity;
    }

    @Override
    public long pendingBytes() {
        return pending;
    }

    @Override
    public void notifyWhenWritable() {
        notify = true;
    }

    @Override
    public void setReading(boolean on) {
        assertThat(on).as("a change").isNotEqualTo(reading);
        reading = on;
    }

    @Override
    public void resumeLater() {
        assertThat(later).as("one turn at a time").isEmpty();
        later.add(connection::resume);
    }

    @Override
    public void setTimer(long nanos) {
        assertThat(nanos).isNotNegative();
        timer = now + nanos;
    }

    @Override
    public Future<?> schedule(long nanos, Runnable task) {
        throw new UnsupportedOperationException("only faults use it");
    }

    @Override
    public void cancelTimer() {
        timer = null;
    }

    @Override
    public void shutdownOutput() {
        flushed = output.size();
        if (!endings.contains(Ending.SHUTDOWN_OUTPUT)) {
            endings.add(Ending.SHUTDOWN_OUTPUT);
        }
    }

    @Override
    public void close() {
        endings.add(Ending.CLOSE);
    }

    @Override
    public void reset() {
        endings.add(Ending.RESET);
    }

    // The observer and the listener.

    @Override
    public void opened(Connection open) {
        opened++;
    }

    @Override
    public void failed(Throwable fault) {
        faults.add(fault);
    }

    @Override
    public void closed(Connection ended, ConnectionEnd end) {
        ends.add(end);
    }

    @Override
    public void received(MessageType type, int payloadBytes, boolean endOfMessage) {
        receivedText += type == MessageType.TEXT ? payloadBytes : 0;
        received += endOfMessage ? 1 : 0;
        receivedBytes += payloadBytes;
    }

    @Override
    public void sent(MessageType type, int payloadBytes, boolean endOfMessage) {
        sentText += type == MessageType.TEXT ? payloadBytes : 0;
        sent += endOfMessage ? 1 : 0;
        sentBytes += payloadBytes;
    }

    @Override
    public void pingSent() {
        pingsSent++;
    }

    @Override
    public void pongReceived() {
        pongsReceived++;
    }

    @Override
    public void roundTrip(long nanos) {
        roundTrips.add(nanos);
    }

    @Override
    public void backpressurePause() {
        pauses++;
    }
}
