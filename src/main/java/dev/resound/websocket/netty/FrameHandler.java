package dev.resound.websocket.netty;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connects a {@link Connection} to a channel, and is the connection's {@link Transport}. It passes the events of the
 * channel to the connection, and flushes the output of a read once, at its end. {@link TcpFrameHandler} is for a TCP or
 * TLS connection, {@link Http2FrameHandler} for a stream of an HTTP/2 connection.
 */
abstract class FrameHandler extends ChannelInboundHandlerAdapter implements Transport {

    /**
     * The limit of input that a connection holds for a slow reader while direct memory is short. Input can arrive
     * although reading is off: on io_uring, Netty reads to the end of the stream once the client has ended its
     * side, and an HTTP/2 client may send until its window is full.
     */
    private static final int MAX_HELD_WHEN_SHORT = 8 * 1024;

    final Channel channel;
    final Connection connection;

    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    /** Whether a read is in progress. Its end flushes. */
    private boolean insideRead;

    private boolean inputEnded;
    private boolean outputEnds;

    /** @param connections creates the connection over this transport */
    FrameHandler(Channel channel, Function<Transport, Connection> connections) {
        this.channel = channel;
        this.connection = connections.apply(this);
    }

    // What differs between TCP and HTTP/2.

    /** Prepares the channel, before the connection opens. */
    abstract void prepare(ChannelHandlerContext ctx);

    /** Ends our side of the stream once all output is sent. */
    abstract void endOutput();

    /** Closes the stream once all output is sent; both sides have ended. */
    abstract void closeAfterOutput();

    // Events of the channel.

    @Override
    public final void handlerAdded(ChannelHandlerContext added) {
        context = added;
        run(() -> {
            prepare(added);
            connection.open();
        });
        if (!channel.isActive()) {
            connection.onTransportEnd(); // Closed during the upgrade: no event will report it.
        }
    }

    /** Receives bytes and takes ownership of the buffer. */
    final void receive(ByteBuf bytes) {
        insideRead = true;
        boolean wasPaused = connection.isPaused();
        connection.receive(bytes);
        if (wasPaused
                && connection.isPaused()
                && DirectMemory.isShort()
                && connection.heldBytes() > MAX_HELD_WHEN_SHORT) {
            connection.shed(Duration.ZERO);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        insideRead = false;
        connection.endOfRead();
        ctx.flush();
    }

    /** Handles the end of the client's side; further calls do nothing. */
    final void onEndOfInput() {
        if (inputEnded) {
            return; // TLS reports close_notify, then the end of the TCP stream.
        }
        inputEnded = true;
        if (outputEnds) {
            closeAfterOutput();
        } else {
            connection.endOfInput();
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        connection.onTransportEnd();
        ctx.fireChannelInactive();
    }

    @Override
    public final void handlerRemoved(ChannelHandlerContext ctx) {
        connection.onTransportEnd();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof IOException) { // Netty wraps exceptions of TLS.
            connection.onPeerLost();
        } else {
            connection.onFault(cause);
        }
    }

    /** Runs a step and passes its failure to the connection. Netty would only log it, or ignore it. */
    final void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error fault) {
            connection.onFault(fault);
        }
    }

    /**
     * Runs a step after the current event. Netty fires some events during a write or a flush, and these must not call
     * the connection before the write or the flush returns.
     */
    final void runLater(Runnable step) {
        channel.eventLoop().execute(() -> run(step));
    }

    // The transport of the connection.

    @Override
    public final long nanoTime() {
        return channel.eventLoop().ticker().nanoTime();
    }

    @Override
    public final ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public final void flush() {
        if (!insideRead) {
            context().flush();
        }
    }

    @Override
    public final void flushNow() {
        context().flush();
    }

    @Override
    public final void resumeLater() {
        // By timer: a task that schedules itself may run 64 times before the event loop polls its sockets.
        channel.eventLoop().schedule(() -> run(connection::resume), 1, TimeUnit.NANOSECONDS);
    }

    @Override
    public final void setTimer(long nanos) {
        cancelTimer();
        timer = channel.eventLoop().schedule(() -> run(connection::onTimer), nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public final Future<?> schedule(long nanos, Runnable task) {
        return channel.eventLoop().schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public final boolean isMemoryShort() {
        return DirectMemory.isShort();
    }

    @Override
    public final void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public final void shutdownOutput() {
        if (outputEnds) {
            return;
        }
        outputEnds = true;
        if (inputEnded) {
            closeAfterOutput();
        } else {
            endOutput();
        }
    }

    final ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }
}
