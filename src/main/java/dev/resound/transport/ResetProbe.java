package dev.resound.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Detects, within {@link #DELAY_MILLIS}, a reset that Netty 4.2.18 misses on io_uring. If the client resets the
 * connection while a read is in progress, Netty receives both events that report the reset before the read completes,
 * and ignores them because it is already reading. The read then returns the last bytes, and the kernel reports that the
 * socket is empty, so Netty does not read again. It waits for another event, but none follows.
 *
 * <p>Only a write detects such a reset. This handler therefore makes an empty write after a read that no other write
 * follows. If the connection was reset, the kernel rejects the write, and Netty closes the channel. On a live
 * connection, an empty write sends nothing. The connections of an event loop are probed together: the read of a pong is
 * also followed by no write, so each idle connection would otherwise need its own timer.
 */
final class ResetProbe extends ChannelDuplexHandler {

    /**
     * The longest time from a read to its probe. Most reads that need a probe are parts of a larger message, and one
     * probe covers all of them.
     */
    static final long DELAY_MILLIS = 500;

    /** Whether anything has been written since the last read. */
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
            Round.of(ctx.executor()).add(ctx);
            waiting = true;
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

    /** The connections of one event loop to probe next. */
    private static final class Round {

        /** How many are probed before other tasks of the event loop get their turn. */
        private static final int AT_ONCE = 512;

        private static final FastThreadLocal<Round> NEXT = new FastThreadLocal<>();

        private final EventExecutor loop;
        private final Queue<ChannelHandlerContext> waiting = new ArrayDeque<>();
        private boolean scheduled;

        private Round(EventExecutor loop) {
            this.loop = loop;
        }

        /** Returns the next round of the event loop that runs on this thread. */
        static Round of(EventExecutor loop) {
            Round next = NEXT.getIfExists();
            if (next == null || !next.loop.equals(loop)) {
                next = new Round(loop);
                NEXT.set(next);
            }
            return next;
        }

        void add(ChannelHandlerContext connection) {
            waiting.add(connection);
            if (!scheduled) {
                schedule(DELAY_MILLIS);
            }
        }

        private void schedule(long millis) {
            loop.schedule(this::run, millis, TimeUnit.MILLISECONDS);
            scheduled = true;
        }

        private void run() {
            scheduled = false;
            try {
                for (int left = Math.min(AT_ONCE, waiting.size()); left > 0; left--) {
                    ChannelHandlerContext ctx = waiting.remove();
                    ((ResetProbe) ctx.handler()).probe(ctx);
                }
            } finally {
                if (!waiting.isEmpty()) {
                    schedule(1);
                }
            }
        }
    }
}
