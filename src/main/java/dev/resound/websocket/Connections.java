package dev.resound.websocket;

import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.protocol.Connection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open connections of one event loop, by kind. Call it only on that event loop. */
public final class Connections {

    private final Map<ConnectionKind, Group> groups = new EnumMap<>(ConnectionKind.class);

    /** Connections of one kind, the oldest first. */
    private static final class Group {
        private final Set<Connection> open = new LinkedHashSet<>();
        private @Nullable Promise<Void> drained;

        void completeIfEmpty() {
            if (drained != null && open.isEmpty()) {
                drained.tryComplete();
            }
        }
    }

    Connections() {
        for (ConnectionKind kind : ConnectionKind.values()) {
            groups.put(kind, new Group());
        }
    }

    private Group of(ConnectionKind kind) {
        return groups.getOrDefault(kind, new Group());
    }

    void add(ConnectionKind kind, Connection connection) {
        Group group = of(kind);
        group.open.add(connection);
        if (group.drained != null) {
            // Its handshake passed the checks before the drain began.
            connection.drain();
        }
    }

    void remove(ConnectionKind kind, Connection connection) {
        Group group = of(kind);
        group.open.remove(connection);
        group.completeIfEmpty();
    }

    /**
     * Ends the connections whose peers do not read, to free memory.
     *
     * @param patience only peers that have not read for at least this time are disconnected
     */
    public void shed(Duration patience) {
        groups.values().forEach(group -> List.copyOf(group.open).forEach(connection -> connection.shed(patience)));
    }

    /** The number of open connections. */
    public int size() {
        return groups.values().stream().mapToInt(group -> group.open.size()).sum();
    }

    /**
     * Closes all connections of a kind with 1001, the oldest first, spread evenly over a period. A connection that
     * opens later is closed immediately. A peer that does not answer is disconnected after the closing timeout, so the
     * drain ends.
     *
     * @return completes when the last of them has ended
     */
    public Future<Void> drain(Vertx vertx, ConnectionKind kind, Duration period) {
        Group group = of(kind);
        if (group.drained != null) {
            return group.drained.future();
        }
        Promise<Void> drained = Promise.promise();
        group.drained = drained;
        List<Connection> closing = List.copyOf(group.open);
        for (int i = 0; i < closing.size(); i++) {
            Connection connection = closing.get(i);
            long delay = period.toMillis() * i / closing.size();
            if (delay == 0) {
                connection.drain();
            } else {
                vertx.setTimer(delay, due -> connection.drain());
            }
        }
        group.completeIfEmpty();
        return drained.future();
    }
}
