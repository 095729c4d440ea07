package dev.resound.bench.load;

import java.io.IOException;
import java.util.List;

/** As many messages on their way on each connection as its depth says; an echo sends the next one. */
record ClosedLoop(List<Connection> connections, int depth) implements Pace {

    @Override
    public void start(long now) throws IOException {
        for (Connection connection : connections) {
            connection.send(depth, now);
        }
    }

    @Override
    public void onEchoes(Connection connection, int echoes, long now) throws IOException {
        connection.send(echoes, now);
    }

    @Override
    public boolean onTurn() {
        return true;
    }
}
