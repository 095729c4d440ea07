package dev.resound.http.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ways to close a TCP connection. */
final class TcpClose {

    private TcpClose() {}

    /** Closes at once; unsent data is lost. Starts at the first handler, because TLS would wait until the client reads its close_notify. */
    static void now(ChannelHandlerContext ctx) {
        now(ctx.channel());
    }

    static void now(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }

    /** Shuts down the output once everything written is sent. */
    static void shutdownOutput(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess() && ctx.channel() instanceof DuplexChannel duplex) {
                closeNotify(ctx).addListener(notified -> duplex.shutdownOutput());
            } else {
                ctx.close();
            }
        });
    }

    /** Sends close_notify on TLS; without it, an attacker could have truncated the stream. */
    private static ChannelFuture closeNotify(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        return tls == null ? ctx.newSucceededFuture() : tls.closeOutbound();
    }
}
