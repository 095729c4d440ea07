package dev.resound.web;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends an HTTP connection whose next request is not complete in time, counted from its accept and from the end of each
 * answer: silence counts, and so does a request that drips. The idle time-out of Vert.x is reset by every drop. A client
 * that does not take its answers has as much time for each, and is cut if it asks on meanwhile: Vert.x would write the answers
 * to any number of pipelined requests. When too many wait, the time is shorter: see {@link WaitingRoom}. It ends when it is taken
 * out of the pipeline, as the upgrade to a WebSocket does. For HTTP/1.x; HTTP/2 has {@link StreamDeadline}.
 */
final class RequestDeadline extends ChannelDuplexHandler implements WaitingRoom.Guest {

    private static final String NAME = "resound-request-deadline";
    private static final ByteBuf TIMED_OUT = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(
            "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            StandardCharsets.US_ASCII));

    private final Duration first;
    private final Duration timeout;
    private final WaitingRoom room;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    /** Complete requests without a complete answer; below zero while a request is answered before its body has come. */
    private int due;

    private boolean overrun;

    /**
     * @param first the time for the first request, of which a TLS handshake may have used a part
     * @param timeout the time for each other one, and for each answer
     */
    RequestDeadline(Duration first, Duration timeout, WaitingRoom room) {
        this.first = first;
        this.timeout = timeout;
        this.room = room;
    }

    /** Watches over a connection that was just accepted. */
    static void watch(HttpConnection connection, Duration timeout, WaitingRoom room) {
        ChannelPipeline pipeline = channelOf(connection).pipeline();
        Duration first = ArrivalDeadline.leave(pipeline).orElse(timeout);
        // Behind the encoder, so that both directions are seen as HTTP objects.
        String encoder = pipeline.context(HttpResponseEncoder.class).name();
        pipeline.addAfter(encoder, NAME, new RequestDeadline(first, timeout, room));
    }

    static Channel channelOf(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        arm(ctx, first);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        context = null;
        disarm();
        room.leave(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        disarm();
        room.leave(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (overrun || (message instanceof HttpRequest && !ctx.channel().isWritable())) {
            overrun = true;
            ReferenceCountUtil.release(message);
            ctx.close();
            return;
        }
        if (message instanceof LastHttpContent) {
            due++;
            arm(ctx, timeout);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent) {
            ctx.write(message, promise.unvoid().addListener(written -> {
                due--;
                arm(ctx, timeout);
            }));
        } else {
            ctx.write(message, promise);
        }
    }

    private void arm(ChannelHandlerContext ctx, Duration time) {
        disarm();
        if (!ctx.isRemoved() && ctx.channel().isActive()) {
            room.enter(this);
            timer = ctx.executor().schedule(() -> expire(ctx), time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void disarm() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void expireEarly() {
        if (context != null) {
            disarm();
            expire(context);
        }
    }

    private void expire(ChannelHandlerContext ctx) {
        if (due > 0) {
            ctx.close();
            return;
        }
        // From the encoder's place on: it would want an HTTP object, and Vert.x knows of no request.
        ctx.pipeline()
                .context(HttpResponseEncoder.class)
                .writeAndFlush(TIMED_OUT.duplicate())
                .addListener(written -> ctx.close());
    }
}
