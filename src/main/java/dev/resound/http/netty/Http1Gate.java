package dev.resound.http.netty;

import dev.resound.websocket.netty.TcpClose;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.Http1ServerConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Guards one HTTP/1.x connection: enforces its deadlines and decides when it closes.
 *
 * <p>A request must be complete within the deadline, counted from accept or from the end of the previous response, and
 * its response must be read within another one. When the deadline expires, a client whose request has started gets 408.
 * An idle connection is closed without a response, because the client would take it for the response to its next
 * request (RFC 9110 15.5.9). The connection closes after the response to a rejected handshake or an invalid request,
 * after a body that was not read completely, and soon after any response while the service terminates. It closes as RFC
 * 9112 9.6 describes: the output is shut down, and input is discarded for a moment, because a reset could make the
 * client lose the response.
 *
 * <p>The upgrade to a WebSocket removes this handler from the pipeline. {@link Http2Gate} guards HTTP/2.
 */
final class Http1Gate extends ChannelDuplexHandler implements PendingConnections.Pending {

    private static final String NAME = "resound-http1";

    /** How long a client may continue to send after the last response. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final String REQUEST_TIMEOUT = "{\"title\":\"Request Timeout\",\"status\":408,"
            + "\"detail\":\"the request was not complete in time (RFC 9110 15.5.9)\"}";

    private final ConnectionGuard guard;
    private final RequestDecoder decoder;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Deadline deadline;

    /** A request was passed on, and its response is not complete. */
    private boolean answering;
    /** The message being written is a final response, not an interim one (RFC 9110 15.2). */
    private boolean isFinal;
    /** The connection closes after the current response. */
    private boolean last;

    private boolean responded;
    private boolean inputEnded;
    private boolean ending;

    private Http1Gate(ConnectionGuard guard, RequestDecoder decoder) {
        this.guard = guard;
        this.decoder = decoder;
    }

    /** Guards a connection whose first bytes have not been decoded. */
    static void install(Channel channel, ConnectionGuard guard) {
        ChannelPipeline pipeline = channel.pipeline();
        Duration left =
                ArrivalGate.leave(pipeline).orElse(guard.rules().deadline().get());
        var decoder = new RequestDecoder(new Http1ServerConfig());
        pipeline.replace(
                HttpRequestDecoder.class,
                pipeline.context(HttpRequestDecoder.class).name(),
                decoder);
        var gate = new Http1Gate(guard, decoder);
        if (pipeline.get(SslHandler.class) == null) {
            String first = pipeline.context(decoder).name();
            if (guard.rules().proxyProtocol()) {
                ProxyHeader.expect(pipeline, first);
            }
            guard.clearTextHttp2().ifPresent(http2 -> http2.expect(pipeline, first));
        }
        // After the encoder, where both directions are HTTP objects.
        pipeline.addAfter(pipeline.context(HttpResponseEncoder.class).name(), NAME, gate);
        gate.await(left);
    }

    /** Removes HTTP/1.1 from a connection that turns out to be HTTP/2. Returns the time left. */
    static Duration leave(ChannelPipeline pipeline) {
        Http1Gate gate = pipeline.get(Http1Gate.class);
        Duration left = gate.deadline == null ? Duration.ZERO : gate.deadline.left();
        pipeline.remove(gate.decoder);
        pipeline.remove(HttpResponseEncoder.class);
        pipeline.remove(gate);
        return left;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        deadline = new Deadline(ctx.channel(), this::expire);
        // A client may shut down its output after its request and still expect the response.
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        context = null;
        end();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    private void end() {
        if (deadline != null) {
            deadline.cancel();
        }
        guard.pending().leave(this);
    }

    private void await(Duration time) {
        if (context != null && deadline != null && context.channel().isActive()) {
            deadline.set(time);
            guard.pending().enter(this, ConnectionGuard.clientOf(context.channel()), 1);
        }
    }

    // Input.

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ending) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            answering = true;
            last |= request.decoderResult().isFailure() || !HttpUtil.isKeepAlive(request);
        }
        if (message instanceof LastHttpContent) {
            await(guard.rules().deadline().get());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            closeIfFinished(ctx);
        } else if (event == ProxyHeader.Event.CLIENT_CHANGED) {
            guard.pending().enter(this, ConnectionGuard.clientOf(ctx.channel()), 1);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Closes the connection if the client has ended its side and all complete requests are answered. */
    private void closeIfFinished(ChannelHandlerContext ctx) {
        if (inputEnded && !answering && !decoder.isComplete()) {
            ctx.close();
        }
    }

    /** Stops reading from a client that does not read its responses. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!inputEnded) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }
        ctx.fireChannelWritabilityChanged();
    }

    // Output.

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            isFinal = response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
            if (isFinal) {
                complete(response);
            }
        }
        if (message instanceof LastHttpContent && isFinal) {
            ctx.write(message, promise.unvoid().addListener(written -> onResponded()));
        } else {
            ctx.write(message, promise);
        }
    }

    private void complete(HttpResponse response) {
        if (!response.headers().contains(HttpHeaderNames.DATE)) {
            response.headers().set(HttpHeaderNames.DATE, HttpDate.now());
        }
        boolean close = response.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE, true);
        last |= close || (inputEnded && !decoder.hasMore());
        if (!close && (last || guard.rules().terminating().getAsBoolean())) {
            String connection = response.headers().get(HttpHeaderNames.CONNECTION);
            // A 426 also has the option Upgrade (RFC 9110 7.8).
            boolean upgrade = HttpHeaderValues.UPGRADE.contentEqualsIgnoreCase(connection);
            response.headers().set(HttpHeaderNames.CONNECTION, upgrade ? "Upgrade, close" : "close");
        }
        responded = true;
    }

    private void onResponded() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || ending) {
            return;
        }
        answering = false;
        if (last || !decoder.isComplete()) {
            linger(ctx);
        } else {
            responded = false;
            // While the service terminates, a request that is already in transit is answered before the connection
            // closes.
            await(
                    guard.rules().terminating().getAsBoolean()
                            ? LINGER
                            : guard.rules().deadline().get());
            // Asynchronously; otherwise pipelined requests would nest on the stack.
            ctx.executor().execute(() -> decodeNext(ctx));
        }
    }

    private void decodeNext(ChannelHandlerContext ctx) {
        ChannelHandlerContext decoding = ctx.pipeline().context(decoder);
        if (decoding != null && !ending) {
            decoder.next(decoding);
            closeIfFinished(ctx);
        }
    }

    /** Lingers before the close: Vert.x closes at once after a request with {@code Connection: close}. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (responded && last && !ending) {
            linger(ctx);
            ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
        } else {
            ctx.close(promise);
        }
    }

    private void linger(ChannelHandlerContext ctx) {
        discardInput(ctx);
        if (inputEnded) {
            ctx.writeAndFlush(ctx.alloc().buffer(0)).addListener(flushed -> ctx.close());
        } else {
            TcpClose.shutdownAfterFlush(ctx);
            await(LINGER);
        }
    }

    /** Stops processing input. */
    private void discardInput(ChannelHandlerContext ctx) {
        ending = true;
        decoder.discard();
        if (!inputEnded) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    /** Closes without lingering, because the place of this connection is needed. */
    @Override
    public void expireEarly() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || deadline == null) {
            return;
        }
        if (needs408()) {
            discardInput(ctx);
            deadline.set(LINGER); // The client may not read the response.
            writeRequestTimeout(ctx).addListener(written -> TcpClose.close(ctx.channel()));
        } else {
            ending = true;
            TcpClose.close(ctx.channel());
        }
    }

    private void expire() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        if (needs408()) {
            writeRequestTimeout(ctx);
            linger(ctx);
        } else if (ending) {
            TcpClose.close(ctx.channel()); // The linger time is over.
        } else {
            ending = true;
            ctx.close();
        }
    }

    private boolean needs408() {
        return !ending && !answering && decoder.hasStarted();
    }

    private static ChannelFuture writeRequestTimeout(ChannelHandlerContext ctx) {
        return ctx.pipeline().context(HttpResponseEncoder.class).writeAndFlush(requestTimeout(ctx));
    }

    /** The response as bytes. It bypasses Vert.x, which has no request to respond to. */
    private static ByteBuf requestTimeout(ChannelHandlerContext ctx) {
        String response = "HTTP/1.1 408 Request Timeout\r\nDate: " + HttpDate.now()
                + "\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: "
                + REQUEST_TIMEOUT.length() + "\r\n\r\n" + REQUEST_TIMEOUT;
        return ByteBufUtil.writeAscii(ctx.alloc(), response);
    }
}
