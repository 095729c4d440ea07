package dev.resound.http.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that does not become an HTTP connection in time, counted from accept. This time covers the PROXY
 * header, the TLS handshake and, on HTTP/2, the client's settings. The gate is in front of the TLS handler. It stops
 * reading from a client that does not read TLS responses: each KeyUpdate of TLS 1.3 (RFC 8446 4.6.3) can require
 * another one.
 */
final class ArrivalGate extends ChannelInboundHandlerAdapter implements PendingConnections.Pending {

    private static final String NAME = "resound-arrival";

    private final ConnectionGuard guard;
    private final Duration time;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Deadline deadline;

    private ArrivalGate(ConnectionGuard guard, Duration time) {
        this.guard = guard;
        this.time = time;
    }

    /** Guards a connection that was just accepted, in front of the handler with this name. */
    static void install(ChannelPipeline pipeline, String before, ConnectionGuard guard) {
        install(pipeline, before, guard, guard.rules().deadline().get());
    }

    /** Guards a connection that has this time left. */
    static void install(ChannelPipeline pipeline, String before, ConnectionGuard guard, Duration left) {
        pipeline.addBefore(before, NAME, new ArrivalGate(guard, left));
    }

    /** Hands the connection over to another gate. Returns the time left; empty if there was no arrival gate. */
    static Optional<Duration> leave(ChannelPipeline pipeline) {
        ArrivalGate gate = pipeline.get(ArrivalGate.class);
        if (gate == null || gate.deadline == null) {
            return Optional.empty();
        }
        Duration left = gate.deadline.left();
        pipeline.remove(gate);
        return Optional.of(left);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadline = new Deadline(ctx.channel(), this::expireEarly);
        deadline.set(time);
        enter();
    }

    private void enter() {
        if (context != null) {
            guard.pending().enter(this, ConnectionGuard.clientOf(context.channel()), 1);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ProxyHeader.Event.CLIENT_CHANGED) {
            enter();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handlerRemoved(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel();
        }
        guard.pending().leave(this);
    }

    @Override
    public void expireEarly() {
        if (context != null) {
            context.close();
        }
    }
}
