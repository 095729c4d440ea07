package dev.resound.bench.peers;

import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.Locale;

/** Stock Vert.x: frames are written back as they come, which is what its own WebSocket can do best. */
public final class VertxEcho {

    private VertxEcho() {}

    public static void main(String[] arguments) {
        var choice = TransportChoice.valueOf(arguments[1].toUpperCase(Locale.ROOT));
        var vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(Peer.loops()))
                .withTransport(Transports.select(choice))
                .build();
        var options = new HttpServerOptions()
                .setMaxWebSocketFrameSize(Peer.LARGEST)
                .setMaxWebSocketMessageSize(Peer.LARGEST)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
        boolean messages = Boolean.getBoolean("bench.messages");
        vertx.createHttpServer(options)
                .webSocketHandler(messages ? VertxEcho::echoMessages : VertxEcho::echoFrames)
                .listen(Peer.port(arguments))
                .await();
    }

    private static void echoFrames(ServerWebSocket socket) {
        socket.frameHandler(frame -> {
            if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
                socket.writeFrame(frame);
            }
        });
    }

    private static void echoMessages(ServerWebSocket socket) {
        socket.textMessageHandler(socket::writeTextMessage);
        socket.binaryMessageHandler(socket::writeBinaryMessage);
    }
}
