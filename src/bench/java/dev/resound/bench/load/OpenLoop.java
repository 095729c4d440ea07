package dev.resound.bench.load;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * So many messages a second, whatever comes back, on one connection after the other. A message counts from the time at
 * which it was to be sent, so a server that stalls is charged for all that it kept waiting (no coordinated omission).
 */
final class OpenLoop implements Pace {

    private final List<Connection> connections;
    private final long interval;
    private long next;
    private int turn;

    OpenLoop(List<Connection> connections, int rate) {
        this.connections = connections;
        this.interval = TimeUnit.SECONDS.toNanos(1) / rate;
    }

    @Override
    public void start(long now) {
        next = now;
    }

    @Override
    public void onEchoes(Connection connection, int echoes, long now) {}

    /** Never waits: a sleep is longer than the time between two messages. */
    @Override
    public boolean onTurn() throws IOException {
        // At most one each time, or a long stall would keep the echoes of what was sent from being read.
        if (System.nanoTime() - next >= 0) {
            connections.get(turn).send(1, next);
            turn = (turn + 1) % connections.size();
            next += interval;
        }
        return false;
    }
}
