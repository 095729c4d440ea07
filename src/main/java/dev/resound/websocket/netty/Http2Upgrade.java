package dev.resound.websocket.netty;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.Transport;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AttributeKey;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.http2.multiplex.Http2MultiplexHandler;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Upgrades a stream of an HTTP/2 connection to a WebSocket (RFC 8441). Vert.x does not support the extended CONNECT, so
 * it receives a GET in its place, and the stream is {@linkplain #offer offered} here. On acceptance, an
 * {@link Http2FrameHandler} replaces the handlers of Vert.x on the stream.
 */
public final class Http2Upgrade implements Upgrade {

    /** The open streams of an HTTP/2 connection that were offered, by stream identifier. */
    private static final AttributeKey<IntObjectMap<Http2StreamChannel>> OFFERED =
            AttributeKey.valueOf(Http2Upgrade.class, "offered");

    private final HttpServerRequest request;
    private final Http2StreamChannel stream;

    Http2Upgrade(HttpServerRequest request, Http2StreamChannel stream) {
        this.request = request;
        this.stream = stream;
    }

    /** Offers a stream whose request is an extended CONNECT for a WebSocket, before Vert.x receives it as a GET. */
    public static void offer(Http2StreamChannel stream) {
        IntObjectMap<Http2StreamChannel> offered = stream.parent().attr(OFFERED).get();
        if (offered == null) {
            offered = new IntObjectHashMap<>();
            stream.parent().attr(OFFERED).set(offered);
        }
        int id = stream.stream().id();
        offered.put(id, stream);
        IntObjectMap<Http2StreamChannel> all = offered;
        stream.closeFuture().addListener(closed -> all.remove(id));
    }

    /** The stream that was offered for a request; empty if there is none. */
    static Optional<Http2StreamChannel> streamOf(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2
                ? Optional.ofNullable(VertxConnections.channelOf(request.connection())
                                .attr(OFFERED)
                                .get())
                        .map(offered -> offered.get(Math.toIntExact(request.streamId())))
                : Optional.empty();
    }

    @Override
    public boolean isExtendedConnect() {
        return true;
    }

    @Override
    public void accept(Function<Transport, Connection> connections) {
        Http2Headers response = new DefaultHttp2Headers().status("200");
        request.response().headers().forEach((name, value) -> response.add(name.toLowerCase(Locale.ROOT), value));
        ChannelPipeline pipeline = stream.pipeline();
        ChannelHandler gate = pipeline.first();
        detach(pipeline, gate);
        stream.write(new DefaultHttp2HeadersFrame(response));
        pipeline.replace(gate, "resound-frames", new Http2FrameHandler(stream, connections));
        stream.flush();
    }

    @Override
    public void onClose(Runnable action) {
        stream.closeFuture().addListener(closed -> action.run());
    }

    /** Removes all HTTP handlers behind the gate from a stream. Vert.x then treats its request as ended. */
    private static void detach(ChannelPipeline pipeline, ChannelHandler gate) {
        ChannelHandlerContext vertx = pipeline.context(Http2MultiplexHandler.class);
        Http2MultiplexHandler handler = (Http2MultiplexHandler) vertx.handler();
        pipeline.toMap().values().stream().filter(each -> !each.equals(gate)).forEach(pipeline::remove);
        try {
            handler.channelInactive(vertx); // Vert.x forgets the stream.
        } catch (Exception unexpected) {
            throw new IllegalStateException("Vert.x cannot give up a stream", unexpected);
        }
    }
}
