package dev.resound.bench.load;

import java.io.IOException;
import java.util.List;

/**
 * Clients that come again at once when they have left.
 *
 * @param visits one for each client
 */
record Churn(List<Session> visits, int clients, Door door) implements Pace {

    @Override
    public void start(long now) throws IOException {
        while (visits.size() < clients) {
            visits.add(door.enter());
        }
    }

    @Override
    public void onEchoes(Connection connection, int echoes, long now) {}

    @Override
    public boolean onTurn() throws IOException {
        for (int i = 0; i < clients; i++) {
            if (!visits.get(i).isOpen()) {
                visits.set(i, door.enter());
            }
        }
        return true;
    }

    /** Begins visits. */
    interface Door {

        Session enter() throws IOException;
    }
}
