package dev.resound.bench.peers;

import dev.resound.transport.TransportChoice;
import dev.resound.transport.Transports;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.util.Locale;

/** Stock Vert.x. Frames go back as they come: message handlers cost more, most of all with text and with large messages. */
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
        vertx.createHttpServer(options)
                .webSocketHandler(VertxEcho::echo)
                .listen(Peer.port(arguments))
                .await();
    }

    private static void echo(ServerWebSocket socket) {
        socket.frameHandler(frame -> {
            if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
                socket.writeFrame(frame);
            }
        });
    }
}
