package dev.resound.bench.peers;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty: its own WebSocket API, without a servlet container. */
public final class JettyEcho {

    private JettyEcho() {}

    public static void main(String[] arguments) throws Exception {
        var server = new Server();
        var connector = new ServerConnector(server, 1, Peer.loops());
        connector.setPort(Peer.port(arguments));
        server.addConnector(connector);
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setMaxBinaryMessageSize(Peer.LARGEST);
            container.setMaxTextMessageSize(Peer.LARGEST);
            container.setInvocationType(InvocationType.NON_BLOCKING); // No thread of its own for what never waits.
            container.addMapping(Peer.PATH, (request, response, callback) -> new Echo());
        }));
        server.start();
    }

    /** Asks for the next message when the last one is written. */
    public static final class Echo extends Session.Listener.Abstract {

        @Override
        public void onWebSocketOpen(Session session) {
            super.onWebSocketOpen(session);
            session.demand();
        }

        @Override
        public void onWebSocketText(String message) {
            var session = getSession();
            session.sendText(message, Callback.from(session::demand, failure -> session.disconnect()));
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            var session = getSession();
            session.sendBinary(
                    payload,
                    Callback.from(
                            () -> {
                                callback.succeed();
                                session.demand();
                            },
                            callback::fail));
        }
    }
}
