package dev.resound.websocket;

import dev.resound.websocket.protocol.Connection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open connections of one event loop. Only that event loop's thread may call it. */
public final class Connections {

    private final Set<Connection> open = new LinkedHashSet<>();
    private @Nullable Promise<Void> drained;

    void add(Connection connection) {
        open.add(connection);
        if (drained != null) {
            // Its handshake had passed the checks when the drain began.
            connection.drain();
        }
    }

    void remove(Connection connection) {
        open.remove(connection);
        completeIfEmpty();
    }

    /**
     * Ends the connections whose peers do not read: to be called while memory is short, since each of them holds what is due to its peer.
     *
     * @param patience how long a peer must not have read anything
     */
    public void shed(Duration patience) {
        List.copyOf(open).forEach(connection -> connection.shed(patience));
    }

    /** How many are open. */
    public int size() {
        return open.size();
    }

    /**
     * Closes all connections with 1001, the oldest first, spread evenly over a period; none may be added any more. A peer that
     * does not answer is cut after the closing time-out, so this ends.
     *
     * @return completes when the last TCP connection has ended
     */
    public Future<Void> drain(Vertx vertx, Duration period) {
        if (drained != null) {
            return drained.future();
        }
        Promise<Void> promise = Promise.promise();
        drained = promise;
        List<Connection> leaving = List.copyOf(open);
        for (int i = 0; i < leaving.size(); i++) {
            Connection connection = leaving.get(i);
            long delay = period.toMillis() * i / leaving.size();
            if (delay == 0) {
                connection.drain();
            } else {
                vertx.setTimer(delay, due -> connection.drain());
            }
        }
        completeIfEmpty();
        return promise.future();
    }

    private void completeIfEmpty() {
        if (drained != null && open.isEmpty()) {
            drained.tryComplete();
        }
    }
}
