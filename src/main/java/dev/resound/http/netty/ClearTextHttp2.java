package dev.resound.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.vertx.core.Handler;
import io.vertx.core.http.Http2ServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.QueryParamDecoderConfig;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.HttpServerRequestImpl;
import io.vertx.core.http.impl.HttpUtils;
import io.vertx.core.http.impl.http2.multiplex.Http2MultiplexServerChannelInitializer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.QueryParamDecoder;
import java.time.Duration;

/**
 * HTTP/2 in clear text, for clients that begin with its preface (RFC 9113 3.3, "prior knowledge"). A new connection is
 * an HTTP/1.1 connection, guarded from accept, until it sends the preface. The mechanism of Vert.x 5.1.6 is not used:
 * it guards nothing before the first bytes, and its multiplex implementation then serves no HTTP/1.1.
 */
final class ClearTextHttp2 {

    private static final String NAME = "resound-preface";

    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf();

    // The defaults of Vert.x. No request of this service has a form.
    private static final int FORM_BYTES = 8192;
    private static final int FORM_FIELDS = 256;

    private final ContextInternal context;
    private final ConnectionGuard guard;
    private final Handler<HttpServerRequest> requests;
    private final String origin;
    private final QueryParamDecoder query = new QueryParamDecoder(new QueryParamDecoderConfig());
    private final Http2MultiplexServerChannelInitializer vertx;

    /**
     * @param context of the event loop
     * @param requests handles the requests
     * @param origin of the server, for URLs without an authority
     */
    ClearTextHttp2(
            ContextInternal context,
            ConnectionGuard guard,
            Http2ServerConfig config,
            Handler<HttpServerRequest> requests,
            String origin) {
        this.context = context;
        this.guard = guard;
        this.requests = requests;
        this.origin = origin;
        vertx = new Http2MultiplexServerChannelInitializer(
                context,
                null,
                false,
                null,
                null,
                null,
                context::duplicate,
                this::accept,
                HttpUtils.fromVertxInitialSettings(true, config.getInitialSettings()),
                config.getRstFloodMaxRstFramePerWindow(),
                (int) config.getRstFloodWindowDuration().toSeconds(),
                config.getMaxSmallContinuationFrames(),
                false);
    }

    /** Serves a connection whose client has sent its settings. */
    private void accept(HttpServerConnection connection) {
        connection.streamHandler(stream -> new HttpServerRequestImpl(
                        requests, stream, stream.context(), false, FORM_BYTES, FORM_FIELDS, FORM_BYTES, query, origin)
                .init());
        guard.watch(connection);
    }

    /** Watches for the preface in front of the HTTP/1.1 decoder with this name. */
    void expect(ChannelPipeline pipeline, String decoder) {
        pipeline.addBefore(decoder, NAME, new Preface());
    }

    private void begin(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        Duration left = Http1Gate.leave(pipeline);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        vertx.configureHttp2(context, pipeline, false);
        ArrivalGate.install(pipeline, "codec", guard, left);
    }

    /** Passes on the first bytes of a connection when it is clear whether they are the preface. */
    private final class Preface extends ChannelInboundHandlerAdapter {

        private ByteBuf held = Unpooled.EMPTY_BUFFER;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = Unpooled.wrappedBuffer(held, (ByteBuf) message);
            held = Unpooled.EMPTY_BUFFER;
            int compared = Math.min(bytes.readableBytes(), PREFACE.readableBytes());
            boolean matches = ByteBufUtil.equals(bytes, bytes.readerIndex(), PREFACE, 0, compared);
            if (matches && compared < PREFACE.readableBytes()) {
                held = bytes;
                return;
            }
            if (matches) {
                begin(ctx.channel());
            }
            ctx.fireChannelRead(bytes);
            ctx.pipeline().remove(this);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            held.release();
        }
    }
}
