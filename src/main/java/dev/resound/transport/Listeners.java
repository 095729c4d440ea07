package dev.resound.transport;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sockets that this process listens on.
 *
 * <p>Vert.x, when it closes a server, takes the event loops away before it closes the listener. A connection that is accepted between the two has
 * no event loop, and Netty logs a warning with a stack trace for it. So the listeners are closed first.
 */
public final class Listeners {

    private static final Set<Channel> open = ConcurrentHashMap.newKeySet();

    private Listeners() {}

    static void opened(Channel listener) {
        open.add(listener);
        listener.closeFuture().addListener(closed -> open.remove(listener));
    }

    /**
     * Closes all of them, for good. Connections that were accepted go on.
     *
     * @return completes when no connection is accepted any more
     */
    public static Future<Void> close() {
        return Future.join(open.stream().map(Listeners::close).toList()).mapEmpty();
    }

    private static Future<Void> close(Channel listener) {
        Promise<Void> closed = Promise.promise();
        listener.close().addListener(result -> closed.complete());
        return closed.future();
    }
}
