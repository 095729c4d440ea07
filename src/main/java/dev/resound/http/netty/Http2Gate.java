package dev.resound.http.netty;

import dev.resound.websocket.netty.TcpClose;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2SettingsAckFrame;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Guards one HTTP/2 connection: closes it if no stream begins or ends within the deadline, unless one of them is a
 * WebSocket. PING, SETTINGS and WINDOW_UPDATE do not count as activity. Its streams count as pending, each guarded by an
 * {@link Http2StreamGate}, until they become WebSockets. It stops reading from a client that does not read, because
 * each PING and SETTINGS must be answered.
 *
 * <p>It drops frames that only the client side of Vert.x expects: Vert.x 5.1.6 fails on an unexpected acknowledgement.
 */
final class Http2Gate extends ChannelDuplexHandler implements PendingConnections.Pending {

    private static final String NAME = "resound-http2";

    /**
     * How many unanswered requests a client may reset in {@link #RESETS_WINDOW}. Each costs the service a request, and
     * the limit of streams does not apply to them ("rapid reset"). Resets of WebSockets do not count: a gateway may have
     * those of many clients on one connection.
     */
    private static final int MAX_RESETS = 200;

    private static final Duration RESETS_WINDOW = Duration.ofSeconds(30);

    /** How long a client may take to close after GOAWAY. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ConnectionGuard guard;
    private final Channel channel;
    private final Http2Connection connection;
    private final Deadline deadline;
    /**
     * For the acknowledgement of the settings (RFC 9113 6.5.3). Before it, a client may send 65,535 bytes in advance on
     * each stream, which is more than the limits of memory permit.
     */
    private final Deadline acknowledgement;
    /** The gates of the pending streams. */
    private final Set<ChannelHandlerContext> pending = new LinkedHashSet<>();
    /** The streams that are WebSockets. */
    private final Set<Channel> webSockets = new LinkedHashSet<>();

    private int resets;
    private long resetsSince;
    private boolean acknowledged;
    private boolean goingAway;
    private boolean expired;

    private Http2Gate(ConnectionGuard guard, Channel channel) {
        this.guard = guard;
        this.channel = channel;
        this.connection = channel.pipeline().get(Http2ConnectionHandler.class).connection();
        this.deadline = new Deadline(channel, this::expireEarly);
        this.acknowledgement =
                new Deadline(channel, () -> fail(Http2Error.SETTINGS_TIMEOUT, "the settings were not acknowledged"));
    }

    /** Guards a connection whose client has sent its settings. */
    static void install(Channel channel, ConnectionGuard guard) {
        ChannelPipeline pipeline = channel.pipeline();
        Duration left =
                ArrivalGate.leave(pipeline).orElse(guard.rules().deadline().get());
        var gate = new Http2Gate(guard, channel);
        io.netty.channel.ChannelHandler streams = pipeline.last();
        pipeline.replace(
                Http2MultiplexHandler.class, "resound-streams", new Http2MultiplexHandler(gate.streams(streams)));
        pipeline.addAfter("resound-streams", NAME, gate);
        gate.connection.addListener(gate.listener());
        gate.widenWindow();
        gate.acknowledgement.set(guard.rules().deadline().get());
        gate.await(left);
    }

    /**
     * Makes the window of the connection as large as those of all streams together that the client may open. Otherwise
     * WebSockets that are not read would block the other streams.
     */
    private void widenWindow() {
        Http2LocalFlowController local = connection.local().flowController();
        Http2Stream whole = connection.connectionStream();
        int all = connection.remote().maxActiveStreams() * local.initialWindowSize();
        try {
            local.incrementWindowSize(whole, all - local.windowSize(whole));
            channel.flush();
        } catch (Http2Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Puts a gate in front of the handler of each stream. */
    private ChannelInitializer<Channel> streams(io.netty.channel.ChannelHandler handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline()
                        .addLast(new Http2StreamGate(guard, Http2Gate.this))
                        .addLast(handler);
            }
        };
    }

    private Http2ConnectionAdapter listener() {
        return new Http2ConnectionAdapter() {
            @Override
            public void onStreamActive(Http2Stream stream) {
                await(guard.rules().deadline().get());
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                onStreamEnd();
            }
        };
    }

    void streamOpened(ChannelHandlerContext gate) {
        pending.add(gate);
    }

    /** A stream has closed or, if it is still active, become a WebSocket. */
    void streamLeft(ChannelHandlerContext gate) {
        pending.remove(gate);
        if (gate.channel().isActive()) {
            webSockets.add(gate.channel());
            gate.channel().closeFuture().addListener(closed -> {
                webSockets.remove(gate.channel());
                onStreamEnd();
            });
            await(guard.rules().deadline().get());
        }
    }

    /** The client has reset a request that has no response. */
    void onReset() {
        long now = channel.eventLoop().ticker().nanoTime();
        if (resets == 0 || now - resetsSince > RESETS_WINDOW.toNanos()) {
            resets = 0;
            resetsSince = now;
        }
        resets++;
        if (resets > MAX_RESETS) {
            fail(Http2Error.ENHANCE_YOUR_CALM, "too many requests were reset");
        }
    }

    /** Ends the connection with GOAWAY. */
    private void fail(Http2Error error, String reason) {
        ChannelHandlerContext codec = channel.pipeline().context(Http2ConnectionHandler.class);
        ((Http2ConnectionHandler) codec.handler()).onError(codec, false, Http2Exception.connectionError(error, reason));
    }

    private void onStreamEnd() {
        await(guard.rules().deadline().get());
        if (webSockets.isEmpty() && guard.rules().terminating().getAsBoolean()) {
            goAway();
        }
    }

    /** Waits for the next stream, unless there are WebSockets, and counts what is pending. */
    private void await(Duration time) {
        if (!channel.isActive()) {
            return;
        }
        int requests = connection.numActiveStreams() - webSockets.size();
        if (webSockets.isEmpty()) {
            deadline.set(time);
            guard.pending().enter(this, ConnectionGuard.clientOf(channel), 1 + requests);
        } else {
            deadline.cancel();
            if (requests > 0) {
                guard.pending().enter(this, ConnectionGuard.clientOf(channel), requests);
            } else {
                guard.pending().leave(this);
            }
        }
    }

    /** Refuses new streams because the service terminates; open streams continue. */
    private void goAway() {
        if (!goingAway) {
            goingAway = true;
            channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR, Unpooled.EMPTY_BUFFER));
        }
        if (connection.numActiveStreams() == 0) {
            deadline.set(LINGER);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean first = message instanceof Http2SettingsAckFrame && !acknowledged;
        if (first) {
            acknowledged = true;
            acknowledgement.cancel();
        }
        if (message instanceof Http2PingFrame
                || message instanceof Http2UnknownFrame
                || (message instanceof Http2SettingsAckFrame && !first)) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    /** Passes on to the WebSockets that Vert.x closes the server. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ShutdownEvent) {
            List.copyOf(webSockets).forEach(stream -> stream.pipeline().fireUserEventTriggered(event));
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        channel.config().setAutoRead(channel.isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handlerRemoved(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        deadline.cancel();
        acknowledgement.cancel();
        guard.pending().leave(this);
    }

    /**
     * Closes the connection after an error of the client, without logging it. For an HTTP/2 error, Netty itself sends
     * GOAWAY with the error code.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, @Nullable Throwable cause) {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            ctx.close();
        }
    }

    /** Closes the connection, after GOAWAY if the client reads. If it has WebSockets, ends only its other streams. */
    @Override
    public void expireEarly() {
        if (!webSockets.isEmpty()) {
            List.copyOf(pending).forEach(Http2StreamGate::expireEarly);
        } else if (expired || !channel.isWritable()) {
            TcpClose.close(channel);
        } else {
            expired = true;
            channel.close();
            channel.eventLoop().schedule(this::expireEarly, LINGER.toNanos(), TimeUnit.NANOSECONDS);
        }
    }
}
