package dev.resound.transport;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sockets that this process listens on.
 *
 * <p>When Vert.x closes a server, it removes the event loops before it closes the listener. A connection accepted in
 * between has no event loop, and Netty logs a warning with a stack trace for it. So the listeners are closed first.
 */
public final class Listeners {

    private static final Set<Channel> open = ConcurrentHashMap.newKeySet();

    private Listeners() {}

    static void opened(Channel listener) {
        open.add(listener);
        listener.closeFuture().addListener(closed -> open.remove(listener));
    }

    /**
     * Closes all listening sockets. Accepted connections stay open.
     *
     * @return completes once no more connections are accepted
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
