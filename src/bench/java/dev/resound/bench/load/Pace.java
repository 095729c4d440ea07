package dev.resound.bench.load;

import java.io.IOException;

/** When messages are sent. */
interface Pace {

    /** The run begins. */
    void start(long now) throws IOException;

    /** Echoes have come back on a connection. */
    void onEchoes(Connection connection, int echoes, long now) throws IOException;

    /**
     * Between two looks at the sockets.
     *
     * @return whether the next look may wait for something to happen
     */
    boolean onTurn() throws IOException;
}
