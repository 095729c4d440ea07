package dev.resound.websocket.netty;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connects a {@link Connection} to a TCP or TLS channel. It is the handler in the channel's pipeline after the upgrade:
 * it passes the events of the channel to the connection, and is the connection's {@link Transport}. It flushes the
 * output for one read once.
 */
public final class FrameHandler extends ChannelInboundHandlerAdapter implements Transport {

    /**
     * The most bytes of input that a connection may hold for a slow reader while direct memory is short. On io_uring,
     * Netty reads to the end of the stream once the client has ended its side, although auto-read is off.
     */
    private static final int MAX_HELD_WHEN_SHORT = 8 * 1024;

    private final Channel channel;
    private final Connection connection;

    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    /** A read is in progress, and its end flushes. */
    private boolean reading;

    private boolean inputEnded;
    private boolean outputEnds;
    /**
     * The channel uses TLS, which writes on its own: each KeyUpdate of a client may require another one (RFC 8446
     * 4.6.3).
     */
    private boolean tls;

    /** @param connections creates the connection over this transport */
    FrameHandler(Channel channel, Function<Transport, Connection> connections) {
        this.channel = channel;
        this.connection = connections.apply(this);
    }

    // Events of the channel.

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        tls = added.pipeline().get(SslHandler.class) != null;
        run(() -> {
            SendBuffer.bound(channel.config());
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            connection.open();
        });
        if (!channel.isActive()) {
            connection.disconnected(); // Closed during the upgrade: no event will report it.
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            reading = true;
            boolean wasPaused = connection.isPaused();
            connection.receive(bytes);
            if (wasPaused
                    && connection.isPaused()
                    && DirectMemory.isShort()
                    && connection.heldBytes() > MAX_HELD_WHEN_SHORT) {
                connection.shed(Duration.ZERO);
            }
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        connection.endOfRead();
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) { // Even if memory is short: the connection checks again.
            connection.writable();
        } else if (tls) {
            // Asynchronously, because this event can occur during a write.
            ctx.executor().execute(() -> run(connection::checkBackPressure));
        }
    }

    /**
     * Handles the end of the client's side. By default, Netty would end our side too and, on io_uring, lose the output
     * in transit.
     */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || isCloseNotify(event)) {
            onEndOfInput();
        } else if (event instanceof ShutdownEvent) {
            connection.drain(); // Vert.x closes the server without our drain.
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Whether the event is the end of the client's side in TLS. A connection that was cut off has no close_notify. */
    private static boolean isCloseNotify(Object event) {
        return event instanceof SslCloseCompletionEvent closed && closed.isSuccess();
    }

    private void onEndOfInput() {
        if (inputEnded) {
            return; // TLS reports close_notify, then the end of the TCP stream.
        }
        inputEnded = true;
        if (outputEnds) {
            TcpClose.closeAfterFlush(context());
        } else {
            connection.endOfInput();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connection.disconnected();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        connection.disconnected();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof IOException) { // Netty wraps exceptions of TLS.
            connection.lost();
        } else {
            connection.failed(cause);
        }
    }

    /** Runs a step and handles its failure, which the event loop would not report. */
    private void run(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error fault) {
            connection.failed(fault);
        }
    }

    // The transport of the connection.

    @Override
    public long nanoTime() {
        return channel.eventLoop().ticker().nanoTime();
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public void write(ByteBuf bytes) {
        ChannelHandlerContext ctx = context();
        ctx.write(bytes, ctx.voidPromise());
    }

    @Override
    public void flush() {
        if (!reading) {
            context().flush();
        }
    }

    @Override
    public void flushNow() {
        context().flush();
    }

    /** While direct memory is short, the kernel must have taken all output before more may be written. */
    @Override
    public boolean isWritable() {
        return channel.isWritable() && !(DirectMemory.isShort() && pendingBytes() > 0);
    }

    /**
     * Netty counts a buffer until all of it is taken, and a buffer may hold a whole read. So this subtracts what was
     * taken of the current one.
     */
    @Override
    public long pendingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    @Override
    public void notifyWhenWritable() {
        if (channel.isWritable()) { // Direct memory is short, and the channel's writability will not change.
            context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
                if (flushed.isSuccess()) {
                    run(connection::writable);
                }
            });
        }
    }

    @Override
    public void setReading(boolean on) {
        channel.config().setAutoRead(on);
    }

    @Override
    public void resumeLater() {
        // By timer: a task that schedules itself may run 64 times before the event loop polls its sockets.
        channel.eventLoop().schedule(() -> run(connection::resume), 1, TimeUnit.NANOSECONDS);
    }

    @Override
    public void setTimer(long nanos) {
        cancelTimer();
        timer = channel.eventLoop().schedule(() -> run(connection::onTimer), nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void shutdownOutput() {
        if (outputEnds) {
            return;
        }
        outputEnds = true;
        if (inputEnded) {
            TcpClose.closeAfterFlush(context());
        } else {
            TcpClose.shutdownAfterFlush(context());
        }
    }

    @Override
    public void close() {
        TcpClose.close(channel);
    }

    @Override
    public void reset() {
        TcpClose.reset(channel);
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }
}
