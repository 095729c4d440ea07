package dev.resound.bench.peers;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;

/** Helidon 4: a virtual thread for each connection. */
public final class HelidonEcho {

    private HelidonEcho() {}

    public static void main(String[] arguments) {
        WebServer.builder()
                .port(Peer.port(arguments))
                .addProtocol(WsConfig.builder().maxFrameLength(Peer.LARGEST).build())
                .addRouting(WsRouting.builder().endpoint(Peer.PATH, new Echo()))
                .build()
                .start();
    }

    private static final class Echo implements WsListener {

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            session.send(text, last);
        }

        @Override
        public void onMessage(WsSession session, BufferData buffer, boolean last) {
            session.send(buffer, last);
        }
    }
}
