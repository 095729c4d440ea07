package dev.resound.websocket.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Closes TCP connections, with methods from the most graceful to the most abrupt. */
public final class TcpClose {

    private TcpClose() {}

    /**
     * Ends our side once all output is sent, and continues to read, as RFC 6455 section 7.1.1 describes a clean
     * closure. An immediate close would answer further input with a reset, and a reset can discard output that the peer
     * has not read yet.
     */
    public static void shutdownAfterFlush(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess() && ctx.channel() instanceof DuplexChannel duplex) {
                closeNotify(ctx).addListener(notified -> shutdown(duplex));
            } else {
                ctx.close();
            }
        });
    }

    /** Ends our side. Netty closes the channel as soon as the peer ends its side too. */
    private static void shutdown(DuplexChannel channel) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        channel.shutdownOutput();
    }

    /** On TLS, sends close_notify. Without it, the peer cannot tell the end of the stream from a truncation attack. */
    private static ChannelFuture closeNotify(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        return tls == null ? ctx.newSucceededFuture() : tls.closeOutbound();
    }

    /** Closes once all output is sent. */
    static void closeAfterFlush(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> ctx.close());
    }

    /**
     * Closes; output that the kernel has not taken is lost. Starts at the first handler, because TLS would wait until
     * the peer takes its close_notify.
     */
    public static void close(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }

    /** Closes with a reset, so that the kernel buffers nothing for a peer that does not read. */
    static void reset(Channel channel) {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        close(channel);
    }
}
