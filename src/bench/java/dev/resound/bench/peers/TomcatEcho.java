package dev.resound.bench.peers;

import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat: the Jakarta WebSocket endpoint of its own examples, which sends the parts of a message back as they come. */
public final class TomcatEcho {

    private TomcatEcho() {}

    public static void main(String[] arguments) throws LifecycleException {
        var tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
        tomcat.setPort(Peer.port(arguments));
        var context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), Set.of(Echo.class));
        // WebSockets are a filter, and there is none without a servlet.
        Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
        tomcat.getConnector();
        tomcat.start();
    }

    /** Found by its annotation. */
    @ServerEndpoint(Peer.PATH)
    public static final class Echo {

        @OnMessage
        public void text(Session session, String part, boolean last) throws IOException {
            session.getBasicRemote().sendText(part, last);
        }

        @OnMessage
        public void binary(Session session, ByteBuffer part, boolean last) throws IOException {
            session.getBasicRemote().sendBinary(part, last);
        }
    }
}
