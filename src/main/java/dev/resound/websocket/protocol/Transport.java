package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.Future;

/**
 * The layer below a {@link Connection}: a TCP connection, a TLS connection or an HTTP/2 stream. Each connection has its
 * own, and only the connection's thread calls it. No method blocks.
 *
 * <p>No method calls the connection before it returns, with one exception: if writing or flushing fails, it may call
 * {@link Connection#onPeerLost} or {@link Connection#onFault}.
 */
public interface Transport {

    /** Nanoseconds since an arbitrary origin, like {@link System#nanoTime}. */
    long nanoTime();

    /** The allocator for frames. */
    ByteBufAllocator allocator();

    /** Queues bytes for output and takes ownership of the buffer. */
    void write(ByteBuf bytes);

    /** As {@link #write}, for frames that echo what the peer has sent. */
    default void writeEcho(ByteBuf bytes) {
        write(bytes);
    }

    /** Flushes the queued output. During {@link Connection#receive} this may wait for the end of the read. */
    void flush();

    /** Flushes the queued output without waiting for the end of a read. */
    void flushNow();

    /** Whether the peer takes output fast enough to write more. */
    boolean isWritable();

    /** Bytes that were written, but not taken by the layer below; decreases while the peer reads. */
    long pendingBytes();

    /** Whether memory is short, so that nothing more should be held for the peer. */
    default boolean isMemoryShort() {
        return false;
    }

    /** Calls {@link Connection#writable} once the peer has taken enough of the output. */
    void notifyWhenWritable();

    /** Starts or stops reading. Input that was already read still arrives. */
    void setReading(boolean reading);

    /** Calls {@link Connection#resume} after other connections of this thread have run. */
    void resumeLater();

    /** Calls {@link Connection#onTimer} after a delay. There is one timer: a call replaces the previous one. */
    void setTimer(long nanos);

    /** Cancels the timer. */
    void cancelTimer();

    /**
     * Runs a task after a delay, apart from the timer. The caller must cancel it when the connection ends.
     *
     * @return cancels the task
     */
    Future<?> schedule(long nanos, Runnable task);

    /**
     * Ends this side of the stream once all output is sent; input still arrives. Closes if the peer has ended its side.
     */
    void shutdownOutput();

    /** Closes immediately. Output that the layer below has not taken is lost. */
    void close();

    /** Closes immediately with a reset, so that nothing is buffered for the peer. */
    void reset();
}
