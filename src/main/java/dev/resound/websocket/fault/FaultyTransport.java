package dev.resound.websocket.fault;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A transport that delays echoes and can stop reading. Control frames are not delayed, but a Close frame and the end of
 * the output first send every echo that waits.
 */
final class FaultyTransport implements Transport {

    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 0x8;

    private final Transport real;
    private final boolean delays;
    private final DelayedEchoes echoes;

    private @Nullable Connection connection;
    private boolean awaitsWritable;
    private boolean stalled;
    private boolean heldTooLong;

    FaultyTransport(Transport real, FaultPlan plan) {
        this.real = real;
        this.delays = plan.has(Fault.DELAY) || plan.has(Fault.JITTER);
        this.echoes =
                new DelayedEchoes(real, plan.nanos(Fault.DELAY), plan.nanos(Fault.JITTER), this::continueIfWritable);
    }

    /** Sets the connection over this transport, before it opens. */
    void carry(Connection carried) {
        connection = carried;
    }

    /** Keeps the connection from resuming after a yield. */
    void stall() {
        stalled = true;
    }

    boolean isStalled() {
        return stalled;
    }

    /** Whether the connection was reset while the client would have taken the echoes that waited. */
    boolean hasHeldEchoesTooLong() {
        return heldTooLong;
    }

    /** Discards what waits, because the transport has ended. */
    void end() {
        echoes.discard();
    }

    private void continueIfWritable() {
        if (awaitsWritable && !echoes.isFull()) {
            if (real.isWritable()) {
                awaitsWritable = false;
                if (connection != null) {
                    connection.writable();
                }
            } else {
                real.notifyWhenWritable();
            }
        }
    }

    // Output.

    @Override
    public void writeEcho(ByteBuf bytes) {
        if (delays) {
            echoes.add(bytes);
        } else {
            real.writeEcho(bytes);
        }
    }

    @Override
    public void write(ByteBuf frame) {
        if ((frame.getByte(frame.readerIndex()) & OPCODE) == CLOSE) {
            echoes.releaseAll();
        }
        real.write(frame);
    }

    @Override
    public boolean isWritable() {
        return !echoes.isFull() && real.isWritable();
    }

    @Override
    public long pendingBytes() {
        return real.pendingBytes() + echoes.bytes();
    }

    @Override
    public void notifyWhenWritable() {
        awaitsWritable = true;
        if (!echoes.isFull()) {
            real.notifyWhenWritable();
        }
    }

    @Override
    public void shutdownOutput() {
        echoes.releaseAll();
        real.shutdownOutput();
    }

    @Override
    public void close() {
        echoes.discard();
        real.close();
    }

    @Override
    public void reset() {
        heldTooLong = !echoes.isEmpty() && real.isWritable();
        echoes.discard();
        real.reset();
    }

    // Input.

    @Override
    public void resumeLater() {
        real.schedule(1, () -> {
            if (!stalled && connection != null) {
                connection.resume();
            }
        });
    }

    // Unchanged.

    @Override
    public void setReading(boolean on) {
        real.setReading(on);
    }

    @Override
    public long nanoTime() {
        return real.nanoTime();
    }

    @Override
    public ByteBufAllocator allocator() {
        return real.allocator();
    }

    @Override
    public boolean isMemoryShort() {
        return real.isMemoryShort();
    }

    @Override
    public void flush() {
        real.flush();
    }

    @Override
    public void flushNow() {
        real.flushNow();
    }

    @Override
    public void setTimer(long nanos) {
        real.setTimer(nanos);
    }

    @Override
    public void cancelTimer() {
        real.cancelTimer();
    }

    @Override
    public Future<?> schedule(long nanos, Runnable task) {
        return real.schedule(nanos, task);
    }
}
