package dev.resound.websocket.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What a {@link Connection} asks of the bytes below it: a TCP connection, a TLS connection or an HTTP/2 stream. One for each connection; only
 * the connection's thread calls it, and no method blocks or calls the connection back before it returns.
 */
public interface Transport {

    /** Nanoseconds from an arbitrary origin, as {@link System#nanoTime}. */
    long nanoTime();

    /** Allocates the buffers of frames. */
    ByteBufAllocator allocator();

    /** Queues bytes for output and takes over the buffer. */
    void write(ByteBuf bytes);

    /** Sends what was written. Inside {@link Connection#receive} this may wait for the end of the read. */
    void flush();

    /** Sends what was written, without waiting for the end of a read. */
    void flushNow();

    /** Whether the peer takes output fast enough for more to be written. */
    boolean isWritable();

    /** Bytes that were written and that the layer below has not taken yet; shrinks while the peer reads. */
    long pendingBytes();

    /** Calls {@link Connection#writable} once, after this returns, when the peer has taken enough of the output. */
    void notifyWhenWritable();

    /** Starts or stops reading. Input that was read already still arrives. */
    void setReading(boolean reading);

    /** Calls {@link Connection#resume} after the other connections of this thread had their turn. */
    void resumeLater();

    /** Calls {@link Connection#onTimer} after a delay. There is one timer: this replaces an earlier call. */
    void setTimer(long nanos);

    /** Cancels the timer. */
    void cancelTimer();

    /** Ends our side of the stream once all output is sent; input still arrives. If the peer has ended its side, this closes. */
    void shutdownOutput();

    /** Closes at once. Output that was not taken by the layer below is lost. */
    void close();

    /** Closes at once with a reset, so that nothing is kept for the peer. */
    void reset();
}
