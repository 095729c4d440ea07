package dev.resound.http.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ways to end a connection. */
final class TcpClose {

    private TcpClose() {}

    /** Closes; what was not sent is lost. From the first handler on, as TLS would wait until the client takes its close_notify. */
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

    /** Ends the output once all that was written is sent. */
    static void shutdownOutput(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess() && ctx.channel() instanceof DuplexChannel duplex) {
                closeNotify(ctx).addListener(notified -> duplex.shutdownOutput());
            } else {
                ctx.close();
            }
        });
    }

    /** Says that nothing more is sent, where there is TLS; without it the end of the stream could be an attacker's cut. */
    private static ChannelFuture closeNotify(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        return tls == null ? ctx.newSucceededFuture() : tls.closeOutbound();
    }
}
