package dev.resound.test;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for what other threads and processes do. A test that waits for a condition uses this, and no loop of its own. */
public final class Waiting {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private Waiting() {}

    /**
     * Checks every 5 ms for at most 30 s.
     *
     * @param condition appears in the message of a failure
     */
    public static ConditionFactory await(String condition) {
        return Awaitility.await(condition)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(PAUSE)
                .atMost(PATIENCE);
    }

    /**
     * Lets time pass. Use it only where the time itself is the stimulus, such as the pause of a slow client: what can be observed is
     * awaited instead.
     */
    public static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
