package dev.resound.hostile;

import java.io.IOException;
import java.time.Duration;

/**
 * One way to hurt a server. It is repeated: each round opens its own sockets, and the round's end closes them, so an attack may block on
 * a server that does not answer.
 *
 * @param name for reports
 * @param pause between the starts of two rounds; paces the attack, as the machine's processors are not what is tested
 * @param longest how long a round may take
 * @param round what happens in one round; an {@link IOException} is the server's defence and ends the round
 */
record Attack(String name, Duration pause, Duration longest, Round round) {

    /** One round. */
    @FunctionalInterface
    interface Round {
        void strike(Sockets sockets) throws IOException, InterruptedException;
    }

    /** An attack with so many rounds a second, each of which may take so many seconds. */
    static Attack of(String name, double roundsPerSecond, int longestSeconds, Round round) {
        return new Attack(
                name, Duration.ofMillis((long) (1000 / roundsPerSecond)), Duration.ofSeconds(longestSeconds), round);
    }
}
