package dev.resound.transport;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.ServerChannel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sockets that this process listens on. Netty creates one instance, through {@code META-INF/services}, and tells it of each.
 *
 * <p>Vert.x, when it closes a server, takes the event loops away before it closes the listener. A connection that is accepted between the two has
 * no event loop, and Netty logs a warning with a stack trace for it. So the listeners are closed first.
 */
public final class Listeners extends ChannelInitializerExtension {

    private static final Set<ServerChannel> open = ConcurrentHashMap.newKeySet();

    /** Has Netty report listeners; needed before the first one. */
    public static void enable() {
        System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    }

    @Override
    public void postInitializeServerListenerChannel(ServerChannel channel) {
        open.add(channel);
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    /**
     * Closes all of them, for good. Connections that were accepted go on.
     *
     * @return completes when no connection is accepted any more
     */
    public static Future<Void> close() {
        return Future.join(open.stream().map(Listeners::close).toList()).mapEmpty();
    }

    private static Future<Void> close(ServerChannel channel) {
        Promise<Void> closed = Promise.promise();
        channel.close().addListener(result -> closed.complete());
        return closed.future();
    }
}
