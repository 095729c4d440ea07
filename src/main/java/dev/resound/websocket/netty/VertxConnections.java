package dev.resound.websocket.netty;

import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;

/** Provides access to the internals of Vert.x connections. Only this class uses their base class. */
public final class VertxConnections {

    private VertxConnections() {}

    /** The Netty channel of a connection. */
    public static Channel channelOf(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    /** Sets the address that Vert.x reports as the remote end of a connection. */
    public static void overrideRemoteAddress(Channel channel, SocketAddress address) {
        channel.attr(ConnectionBase.REMOTE_ADDRESS_OVERRIDE).set(address);
    }
}
