package dev.resound.web;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Makes a request whose version is neither HTTP/1.0 nor HTTP/1.1 an invalid one. Netty takes any word and any number for a
 * version, and Vert.x answers in the version of the request, so its status line would be none.
 */
@ChannelHandler.Sharable
final class RequestVersion extends ChannelInboundHandlerAdapter {

    private static final RequestVersion INSTANCE = new RequestVersion();

    private RequestVersion() {}

    /** Checks each request of a connection that was just accepted. */
    static void check(HttpConnection connection) {
        ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
        // Behind the encoder, and so behind the decoder too.
        pipeline.addAfter(pipeline.context(HttpResponseEncoder.class).name(), "resound-request-version", INSTANCE);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request && !isKnown(request.protocolVersion())) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            if (request.decoderResult().isSuccess()) {
                request.setDecoderResult(
                        DecoderResult.failure(new IllegalArgumentException("not HTTP/1.0 or HTTP/1.1")));
            }
        }
        ctx.fireChannelRead(message);
    }

    private static boolean isKnown(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_0) || version.equals(HttpVersion.HTTP_1_1);
    }
}
