package dev.resound.websocket.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** The ways to end a socket's TCP connection, from the most patient to the least. */
final class TcpClose {

    private TcpClose() {}

    /**
     * Ends our side once all that was written is sent, and reads on to the end without looking at it, as RFC 6455 section
     * 7.1.1 describes a clean closure. Closing at once would answer what the peer still sends with a reset, and a reset may
     * take the Close frame away from it before it was read.
     */
    static void shutdownAfterFlush(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess() && ctx.channel() instanceof DuplexChannel duplex) {
                closeNotify(ctx).addListener(notified -> duplex.shutdownOutput());
            } else {
                ctx.close();
            }
        });
    }

    /** Tells that nothing more is sent, where there is TLS; without it the end of the stream could be an attacker's cut. */
    private static ChannelFuture closeNotify(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        return tls == null ? ctx.newSucceededFuture() : tls.closeOutbound();
    }

    /** Closes once all that was written is sent. */
    static void closeAfterFlush(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> ctx.close());
    }

    /** Runs an action once the kernel has taken all that was written, if it ever does. */
    static void afterFlush(ChannelHandlerContext ctx, Runnable action) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess()) {
                action.run();
            }
        });
    }

    /**
     * Closes; what was not sent is lost. From the first handler on: TLS would wait for seconds until the peer takes its
     * close_notify.
     */
    static void close(ChannelHandlerContext ctx) {
        ChannelHandlerContext first = ctx.pipeline().firstContext();
        (first == null ? ctx : first).close();
    }

    /** Closes with a reset, so that the kernel keeps nothing for a peer that does not read. */
    static void reset(ChannelHandlerContext ctx) {
        ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        close(ctx);
    }
}
