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

/** The open connections of one event loop, by what they are for. Only that event loop's thread may call it. */
public final class Connections {

    private final Map<ConnectionKind, Group> groups = new EnumMap<>(ConnectionKind.class);

    /** Connections for the same purpose, the oldest first. */
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
            // Its handshake had passed the checks when the drain began.
            connection.drain();
        }
    }

    void remove(ConnectionKind kind, Connection connection) {
        Group group = of(kind);
        group.open.remove(connection);
        group.completeIfEmpty();
    }

    /**
     * Ends the connections whose peers do not read; for when memory is short.
     *
     * @param patience how long a peer must not have read anything
     */
    public void shed(Duration patience) {
        groups.values().forEach(group -> List.copyOf(group.open).forEach(connection -> connection.shed(patience)));
    }

    /** How many are open. */
    public int size() {
        return groups.values().stream().mapToInt(group -> group.open.size()).sum();
    }

    /**
     * Closes all connections of a kind with 1001, the oldest first, spread evenly over a period; whatever opens later is closed at once. A peer
     * that does not answer is cut after the closing timeout, so this ends.
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
