package dev.resound.websocket.netty;

import dev.resound.websocket.protocol.Connection;
import dev.resound.websocket.protocol.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.function.Function;

/**
 * Turns a request into a {@link ServerWebSocket} and puts our {@link FrameHandler} where Vert.x has the frame decoder of Netty.
 *
 * <p>A client may send its first frames together with the handshake. Netty hands them on while it replaces the HTTP decoder,
 * before the upgrade is complete, and Vert.x drops them. So the decoder that gets replaced is a {@link Decoy}; the real one
 * keeps the bytes until our own handler takes its place.
 */
public final class Http1Upgrade {

    private static final String DECOY = "resound-decoy";
    private static final String NETTY_DECODER = "wsdecoder";
    private static final String FRAMES = "resound-frames";

    private Http1Upgrade() {}

    /** Passes all bytes on, and is there to be found first. */
    private static final class Decoy extends HttpRequestDecoder {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.fireChannelRead(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.fireChannelReadComplete();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ctx.fireChannelInactive();
        }
    }

    /**
     * Leaves of the lists in these headers the one element that the checks have found. Vert.x looks at the first {@code
     * Connection} header only, and Netty wants the whole {@code Upgrade} header to be the word.
     */
    private static void oneValue(MultiMap headers) {
        headers.set(HttpHeaders.CONNECTION, "Upgrade").set(HttpHeaders.UPGRADE, "websocket");
    }

    /**
     * Accepts the handshake; on the request's event loop.
     *
     * @param request has passed every check, and has not ended yet
     * @param connections makes the connection, once 101 is written
     * @return fails if the client is gone; the connection is closed then
     */
    public static Future<ServerWebSocket> accept(
            HttpServerRequest request, Function<Transport, Connection> connections) {
        Channel channel = channelOf(request);
        return accept(request, channel, connections).onFailure(gone -> closeBelowVertx(channel));
    }

    /** Runs an action on the event loop when the connection of a request has closed, whoever closes it and however. */
    public static void onClose(HttpServerRequest request, Runnable action) {
        channelOf(request).closeFuture().addListener(closed -> action.run());
    }

    /** Closes the TCP connection at once; Vert.x would begin a closing handshake of its own and wait for its end. */
    private static void closeBelowVertx(Channel channel) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first != null) { // Otherwise it is closed already.
            first.close();
        }
    }

    private static Channel channelOf(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel();
    }

    private static Future<ServerWebSocket> accept(
            HttpServerRequest request, Channel channel, Function<Transport, Connection> connections) {
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        if (decoder == null) {
            return Future.failedFuture("the client is gone");
        }
        String httpDecoder = decoder.name();
        oneValue(request.headers());
        pipeline.addBefore(httpDecoder, DECOY, new Decoy());
        return request.toWebSocket().map(socket -> {
            pipeline.remove(NETTY_DECODER);
            pipeline.replace(httpDecoder, FRAMES, new FrameHandler(channel, connections));
            forgetHttp(pipeline);
            return socket;
        });
    }

    /**
     * Takes out what is behind our handler: whatever watched over the requests, and what Vert.x keeps for the WebSocket, above all two
     * queues of 4 KiB. It has done its part, and nothing would pass there any more. But Netty itself takes out its encoder when the 101
     * has left, and would miss it.
     */
    private static void forgetHttp(ChannelPipeline pipeline) {
        List<String> names = pipeline.names();
        names.subList(names.indexOf(FRAMES) + 1, names.size()).stream()
                .map(pipeline::get)
                .filter(handler -> handler != null && !(handler instanceof HttpResponseEncoder)) // The tail is null.
                .forEach(pipeline::remove);
    }
}
