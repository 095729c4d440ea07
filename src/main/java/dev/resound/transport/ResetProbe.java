package dev.resound.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Detects, within {@link #DELAY_MILLIS}, a reset that Netty 4.2.18 misses on io_uring. If the client resets the
 * connection while a read is in progress, Netty handles both events that report the reset before the read completes,
 * and ignores them because it is already reading. The read then returns the last bytes, and the kernel reports that the
 * socket is empty, so Netty does not read again. It waits for another event, but there is none.
 *
 * <p>Only a write detects such a reset. So a read that is not followed by another write is followed by an empty one:
 * the kernel rejects it if the connection was reset, and Netty closes the channel. On a live connection, an empty write
 * sends nothing. The connections of an event loop are probed together, because a pong, too, is a read without a write,
 * and idle connections would otherwise set a timer for each.
 */
final class ResetProbe extends ChannelDuplexHandler {

    /**
     * The longest time from a read to its probe. Most reads that need a probe are parts of a larger message, and one
     * probe covers all of them.
     */
    static final long DELAY_MILLIS = 500;

    /** Whether anything was written since the last read. */
    private boolean written;

    /** Whether this connection waits for the next round. */
    private boolean waiting;

    /**
     * Watches a connection that was just accepted. The handler is in front of all others, so that it also sees what TLS
     * and HTTP/2 write.
     */
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
        if (!written && !waiting) {
            waiting = true;
            Round.of(ctx.executor()).add(ctx);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        written = true;
        ctx.write(message, promise);
    }

    private void probe(ChannelHandlerContext ctx) {
        waiting = false;
        if (!written && ctx.channel().isActive()) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
        }
    }

    /** The connections of an event loop that are probed next. */
    private static final class Round {

        private static final FastThreadLocal<Round> NEXT = new FastThreadLocal<>();

        private final EventExecutor loop;
        private List<ChannelHandlerContext> waiting = new ArrayList<>();

        private Round(EventExecutor loop) {
            this.loop = loop;
        }

        /** The one of the event loop that runs on this thread. */
        static Round of(EventExecutor loop) {
            Round next = NEXT.getIfExists();
            if (next == null || !next.loop.equals(loop)) {
                next = new Round(loop);
                NEXT.set(next);
            }
            return next;
        }

        void add(ChannelHandlerContext connection) {
            if (waiting.isEmpty()) {
                loop.schedule(this::run, DELAY_MILLIS, TimeUnit.MILLISECONDS);
            }
            waiting.add(connection);
        }

        private void run() {
            List<ChannelHandlerContext> due = waiting;
            waiting = new ArrayList<>();
            due.forEach(ctx -> ((ResetProbe) ctx.handler()).probe(ctx));
        }
    }
}
