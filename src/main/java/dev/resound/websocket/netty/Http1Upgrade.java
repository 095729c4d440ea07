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
import java.util.List;
import java.util.function.Function;

/**
 * Upgrades an HTTP/1.1 request to a {@link ServerWebSocket}, and replaces the frame decoder of Vert.x with a
 * {@link TcpFrameHandler}.
 *
 * <p>A client may send its first frames together with the handshake. When Netty replaces the HTTP decoder, the decoder
 * passes these bytes on before the upgrade is complete, and Vert.x drops them. So this class adds a {@link Decoy} for
 * Netty to replace. The real decoder keeps the bytes until the frame handler replaces it.
 */
final class Http1Upgrade implements Upgrade {

    private static final String DECOY = "resound-decoy";
    /** The name that Netty's handshaker gives to its frame decoder. */
    private static final String NETTY_DECODER = "wsdecoder";

    private static final String FRAMES = "resound-frames";

    private final HttpServerRequest request;
    private final Channel channel;

    Http1Upgrade(HttpServerRequest request) {
        this.request = request;
        this.channel = VertxConnections.channelOf(request.connection());
    }

    @Override
    public boolean isExtendedConnect() {
        return false;
    }

    /** If the client has disconnected, this closes the channel. */
    @Override
    public void accept(Function<Transport, Connection> connections) {
        upgrade(connections).onFailure(gone -> TcpClose.close(channel));
    }

    @Override
    public void onClose(Runnable action) {
        channel.closeFuture().addListener(closed -> action.run());
    }

    private Future<ServerWebSocket> upgrade(Function<Transport, Connection> connections) {
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        if (decoder == null) {
            return Future.failedFuture("the client has disconnected");
        }
        String httpDecoder = decoder.name();
        simplify(request.headers());
        pipeline.addBefore(httpDecoder, DECOY, new Decoy());
        return request.toWebSocket().map(socket -> {
            pipeline.remove(NETTY_DECODER);
            pipeline.replace(httpDecoder, FRAMES, new TcpFrameHandler(channel, connections));
            removeHttp(pipeline);
            return socket;
        });
    }

    /**
     * Reduces two list headers to the element that the handshake rules found in them. Vert.x reads only the first
     * {@code Connection} header, and Netty compares the whole {@code Upgrade} header.
     */
    private static void simplify(MultiMap headers) {
        headers.set(HttpHeaders.CONNECTION, "Upgrade").set(HttpHeaders.UPGRADE, "websocket");
    }

    /**
     * Removes the handlers behind the frame handler, which are no longer needed: limits on requests, and the state that
     * Vert.x keeps for a WebSocket, mainly a queue of 4 KiB. Netty itself removes its encoder when the 101 response
     * is written, and fails if the encoder is missing.
     */
    private static void removeHttp(ChannelPipeline pipeline) {
        List<String> names = pipeline.names();
        names.subList(names.indexOf(FRAMES) + 1, names.size()).stream()
                .map(pipeline::get)
                .filter(handler -> handler != null && !(handler instanceof HttpResponseEncoder)) // The tail is null.
                .forEach(pipeline::remove);
    }

    /** A decoder that passes on all bytes. Netty replaces the first {@link HttpRequestDecoder} that it finds. */
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
}
