package dev.resound.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.TimeUnit;

/**
 * Notices a reset that Netty 4.2.18 misses on io_uring, within {@link #DELAY_MILLIS}. If the client resets the connection while a read is under way,
 * Netty handles both events that tell of the reset before the read completes, and takes no notice of them, as it reads already. The read then brings
 * the last bytes, and the kernel says that the socket is empty, so Netty does not read again. It waits for another event, and there is none.
 *
 * <p>Only a write tells. So a read that is not followed by a write is followed by an empty one: the kernel refuses it if the connection was reset,
 * and Netty closes the channel. On a live connection it sends nothing.
 */
final class ResetProbe extends ChannelDuplexHandler {

    /** Delayed, as most reads that need a probe are parts of a larger message: one probe does for all of them. */
    static final long DELAY_MILLIS = 500;

    /** Whether anything was written since the last read. */
    private boolean written;

    private boolean scheduled;

    /** Watches a connection that was just accepted. In front of all other handlers, so that it sees what TLS and HTTP/2 write too. */
    static void install(Channel accepted) {
        accepted.pipeline().addFirst(new ResetProbe());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        written = false;
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (!written && !scheduled) {
            scheduled = true;
            ctx.executor().schedule(() -> probe(ctx), DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        written = true;
        ctx.write(message, promise);
    }

    private void probe(ChannelHandlerContext ctx) {
        scheduled = false;
        if (!written && ctx.channel().isActive()) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
        }
    }
}
