package dev.resound.http.netty;

import dev.resound.websocket.netty.Http2Upgrade;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2UnknownFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Guards one stream of an HTTP/2 connection: its request and response must be complete within the deadline, and Vert.x
 * receives only valid requests. Everything else is answered here, so that no client error becomes an exception. An
 * extended CONNECT for a WebSocket (RFC 8441) is offered to {@link Http2Upgrade}, and Vert.x receives a GET in its
 * place. The gate also removes the content of responses to HEAD (RFC 9110 9.3.2), which Vert.x 5.1.6 sends.
 */
final class Http2StreamGate extends ChannelDuplexHandler {

    private static final String PROTOCOL = PseudoHeaderName.PROTOCOL.value().toString();

    /** How long a client may take to end a refused CONNECT. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final ConnectionGuard guard;
    private final Http2Gate connection;
    private @Nullable Deadline deadline;
    /** The request was passed on to Vert.x. */
    private boolean passed;

    private boolean refused;
    /** The method is HEAD. */
    private boolean withoutContent;
    /** The request is an extended CONNECT, which never ends by itself. */
    private boolean endless;

    private boolean responded;

    Http2StreamGate(ConnectionGuard guard, Http2Gate connection) {
        this.guard = guard;
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = new Deadline(ctx.channel(), () -> reset(ctx, responded ? Http2Error.NO_ERROR : Http2Error.CANCEL));
        deadline.set(guard.rules().deadline().get());
        connection.streamOpened(ctx);
    }

    /** Called when the stream has become a WebSocket or closes. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel();
        }
        connection.streamLeft(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel();
        }
        if (passed) {
            ctx.fireChannelInactive();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refused || message instanceof Http2UnknownFrame) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof Http2HeadersFrame head && !passed) {
            begin(ctx, head);
        } else if (passed) {
            ctx.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
            reset(ctx, Http2Error.PROTOCOL_ERROR);
        }
    }

    private void begin(ChannelHandlerContext ctx, Http2HeadersFrame head) {
        addHost(head.headers());
        if (guard.rules().overloaded().getAsBoolean()) {
            reset(ctx, Http2Error.REFUSED_STREAM); // A client may send the request again (RFC 9113 8.7).
        } else if (head.headers().size() > RequestDecoder.MAX_HEADERS) {
            respond(ctx, 431, "a request may have at most " + RequestDecoder.MAX_HEADERS + " header fields");
        } else if (!isTarget(head.headers())) {
            respond(ctx, 400, "the path must start with / and contain no control characters (RFC 9113 8.3.1)");
        } else if (head.headers().contains(PROTOCOL)) {
            connect(ctx, head);
        } else {
            passed = true;
            withoutContent =
                    HttpMethod.HEAD.asciiName().contentEquals(head.headers().method());
            ctx.fireChannelRead(head);
        }
    }

    /** Handles an extended CONNECT (RFC 8441 4). */
    private void connect(ChannelHandlerContext ctx, Http2HeadersFrame head) {
        Http2Headers headers = head.headers();
        endless = !head.isEndStream();
        if (!HttpMethod.CONNECT.asciiName().contentEquals(headers.method())) {
            respond(ctx, 400, ":protocol is for CONNECT only (RFC 8441 4)");
        } else if (!guard.rules().http2WebSockets()) {
            respond(ctx, 501, "WebSockets over HTTP/2 are disabled");
        } else if (!AsciiString.contentEquals("websocket", headers.get(PROTOCOL))) {
            respond(ctx, 501, "the :protocol must be websocket (RFC 8441 4)");
        } else if (head.isEndStream()) {
            respond(ctx, 400, "the stream of a WebSocket must not end with its request (RFC 8441 5)");
        } else {
            passed = true;
            Http2Upgrade.offer((Http2StreamChannel) ctx.channel());
            headers.remove(PROTOCOL);
            headers.method(HttpMethod.GET.asciiName());
            ctx.fireChannelRead(head);
        }
    }

    /** Adds a {@code Host} from {@code :authority}, as a conversion to HTTP/1.1 does (RFC 9113 8.3.1). */
    private static void addHost(Http2Headers headers) {
        if (headers.authority() != null && !headers.contains(HttpHeaderNames.HOST)) {
            headers.set(HttpHeaderNames.HOST, headers.authority());
        }
    }

    private static boolean isTarget(Http2Headers headers) {
        CharSequence path = headers.path();
        if (path == null || headers.method() == null) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) <= ' ' || path.charAt(i) == 0x7F) {
                return false;
            }
        }
        return !path.isEmpty() && (path.charAt(0) == '/' || path.toString().equals("*"));
    }

    private void respond(ChannelHandlerContext ctx, int status, String detail) {
        refused = true;
        var problem = new JsonObject() // RFC 9457
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail);
        ByteBuf body = ByteBufUtil.writeUtf8(ctx.alloc(), problem.encode());
        Http2Headers headers = new DefaultHttp2Headers()
                .status(Integer.toString(status))
                .set("content-type", "application/problem+json")
                .set("content-length", Integer.toString(body.readableBytes()))
                .set("date", HttpDate.now());
        ctx.write(new DefaultHttp2HeadersFrame(headers));
        ctx.writeAndFlush(new DefaultHttp2DataFrame(body, true)).addListener(written -> onResponded(ctx));
    }

    /** The client of a refused CONNECT ends its side soon, or is asked to (RFC 9113 8.1). */
    private void onResponded(ChannelHandlerContext ctx) {
        if (endless && deadline != null && ctx.channel().isActive()) {
            responded = true;
            deadline.set(LINGER);
        }
    }

    /** Ends the stream, because its place is needed. */
    static void expireEarly(ChannelHandlerContext gate) {
        ((Http2StreamGate) gate.handler()).reset(gate, Http2Error.CANCEL);
    }

    private void reset(ChannelHandlerContext ctx, Http2Error error) {
        refused = true;
        ctx.writeAndFlush(new DefaultHttp2ResetFrame(error)).addListener(written -> ctx.close());
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        // Vert.x has reset the stream and cannot handle further frames for it.
        refused |= message instanceof Http2ResetFrame;
        if (message instanceof Http2HeadersFrame head
                && isFinal(head.headers())
                && !head.headers().contains(HttpHeaderNames.DATE)) {
            head.headers().set(HttpHeaderNames.DATE, HttpDate.now());
        }
        if (withoutContent && message instanceof Http2DataFrame content) {
            content.release();
            promise.trySuccess();
        } else if (withoutContent && message instanceof Http2HeadersFrame head && isFinal(head.headers())) {
            ctx.write(new DefaultHttp2HeadersFrame(head.headers(), true), promise);
        } else if (endless && endsStream(message)) {
            ctx.write(message, promise.unvoid().addListener(written -> onResponded(ctx)));
        } else {
            ctx.write(message, promise);
        }
    }

    private static boolean endsStream(Object message) {
        return (message instanceof Http2DataFrame content && content.isEndStream())
                || (message instanceof Http2HeadersFrame head && head.isEndStream());
    }

    /** Whether this is a final response, not an interim one (RFC 9110 15.2). */
    private static boolean isFinal(Http2Headers headers) {
        CharSequence status = headers.status();
        return status != null && status.charAt(0) != '1';
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame && !responded) {
            connection.onReset();
        }
        if (!(event instanceof Http2ResetFrame) || (passed && !refused)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        reset(ctx, Http2Error.INTERNAL_ERROR);
    }
}
