package dev.resound.web;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a TLS connection that does not become an HTTP connection in time, counted from its accept: for HTTP/1.x that takes the
 * TLS handshake, for HTTP/2 the client's settings too. It stands in front of TLS. When too many wait, the time is shorter: see
 * {@link WaitingRoom}.
 */
final class ArrivalDeadline extends ChannelInboundHandlerAdapter implements WaitingRoom.Guest {

    private final Duration timeout;
    private final WaitingRoom room = WaitingRoom.ofThisLoop();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    private long end;

    ArrivalDeadline(Duration timeout) {
        this.timeout = timeout;
    }

    /** Leaves the connection to another deadline, and says how much time is left; empty where there was none of these. */
    static Optional<Duration> leave(ChannelPipeline pipeline) {
        ArrivalDeadline watching = pipeline.get(ArrivalDeadline.class);
        if (watching == null) {
            return Optional.empty();
        }
        long left = watching.end - pipeline.channel().eventLoop().ticker().nanoTime();
        pipeline.remove(watching);
        return Optional.of(Duration.ofNanos(Math.max(0, left)));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        end = ctx.executor().ticker().nanoTime() + timeout.toNanos();
        room.enter(this);
        timer = ctx.executor().schedule(this::expireEarly, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handlerRemoved(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
        room.leave(this);
    }

    @Override
    public void expireEarly() {
        if (context != null) {
            context.close();
        }
    }
}
