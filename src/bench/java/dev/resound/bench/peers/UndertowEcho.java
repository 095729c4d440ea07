package dev.resound.bench.peers;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;

/** Undertow: its core WebSocket listener, without a servlet container. */
public final class UndertowEcho {

    private UndertowEcho() {}

    public static void main(String[] arguments) {
        Undertow.builder()
                .addHttpListener(Peer.port(arguments), "0.0.0.0")
                .setIoThreads(Peer.loops())
                .setHandler(Handlers.path().addExactPath(Peer.PATH, Handlers.websocket((exchange, channel) -> {
                    channel.getReceiveSetter().set(new Echo());
                    channel.resumeReceives();
                })))
                .build()
                .start();
    }

    private static final class Echo extends AbstractReceiveListener {

        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            WebSockets.sendText(message.getData(), channel, null);
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            var data = message.getData();
            WebSockets.sendBinary(data.getResource(), channel, new WebSocketCallback<>() {
                @Override
                public void complete(WebSocketChannel written, Void context) {
                    data.free();
                }

                @Override
                public void onError(WebSocketChannel broken, Void context, Throwable error) {
                    data.free();
                }
            });
        }
    }
}
