package dev.resound.websocket.netty;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.function.Function;

/** The handler of a WebSocket on a TCP or TLS connection, in the channel's pipeline after the HTTP/1.1 upgrade. */
final class TcpFrameHandler extends FrameHandler {

    /**
     * Whether the channel uses TLS, which writes on its own: each KeyUpdate of a client may require another one (RFC
     * 8446 4.6.3).
     */
    private boolean tls;

    TcpFrameHandler(Channel channel, Function<Transport, Connection> connections) {
        super(channel, connections);
    }

    @Override
    void prepare(ChannelHandlerContext ctx) {
        tls = ctx.pipeline().get(SslHandler.class) != null;
        SendBuffer.bound(channel.config());
        // By default, Netty would end our side together with the client's and, on io_uring, lose the output in transit.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            receive(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!channel.isWritable()) {
            if (tls) {
                runLater(connection::checkBackPressure);
            }
        } else if (connection.isPaused()) { // Even if memory is short: the connection checks again.
            runLater(connection::writable);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || isCloseNotify(event)) {
            onEndOfInput();
        } else if (event instanceof ShutdownEvent) {
            connection.drain(); // Vert.x closes the server before our own drain has closed this connection.
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Whether the event is the end of the client's side in TLS. A connection that was cut off has no close_notify. */
    private static boolean isCloseNotify(Object event) {
        return event instanceof SslCloseCompletionEvent closed && closed.isSuccess();
    }

    @Override
    public void write(ByteBuf bytes) {
        ChannelHandlerContext ctx = context();
        ctx.write(bytes, ctx.voidPromise());
    }

    /**
     * Netty's default limits apply: a channel becomes unwritable above 64 KiB of pending output, and writable again
     * below 32 KiB. While direct memory is short, the kernel must have taken all output before more may be written.
     */
    @Override
    public boolean isWritable() {
        return channel.isWritable() && !(DirectMemory.isShort() && pendingBytes() > 0);
    }

    /**
     * Netty counts a buffer as pending until the kernel has taken all of it, and a buffer may hold a whole read. So
     * this subtracts what was taken of the current buffer.
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
                    runLater(connection::writable);
                }
            });
        }
    }

    @Override
    public void setReading(boolean on) {
        channel.config().setAutoRead(on);
    }

    @Override
    void endOutput() {
        TcpClose.shutdownAfterFlush(context());
    }

    @Override
    void closeAfterOutput() {
        TcpClose.closeAfterFlush(context());
    }

    @Override
    public void close() {
        TcpClose.close(channel);
    }

    @Override
    public void reset() {
        TcpClose.reset(channel);
    }
}
