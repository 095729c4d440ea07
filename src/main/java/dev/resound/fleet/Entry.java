package dev.resound.fleet;

import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.OpenConnections;
import dev.resound.telemetry.TelemetrySample;
import java.time.Duration;
import java.util.HexFormat;

/**
 * The state of one instance, as it appends it to the stream: everything counted since its start, so that a lost entry loses nothing.
 *
 * @param source the instance
 * @param version of the service
 * @param state whether it serves, drains or has ended
 * @param uptime since its process started, by its own monotonic clock; larger in each entry of the same source
 * @param interval the time to its next entry
 * @param counts since its start; without the sums of histograms
 * @param open its open connections
 * @param connectionsLimit its limit of open connections
 * @param lag of its event loops in the last interval
 * @param heapUsed in bytes
 * @param heapMax in bytes
 */
record Entry(
        Source source,
        String version,
        State state,
        Duration uptime,
        Duration interval,
        CounterSnapshot counts,
        OpenConnections open,
        long connectionsLimit,
        TelemetrySample.Lag lag,
        long heapUsed,
        long heapMax) {

    /**
     * One start of an instance. Totals begin at zero with each start, so two starts under the same name count separately.
     *
     * @param name of the instance
     * @param start a random number
     */
    record Source(String name, long start) {

        /** A text that is different for each start. */
        String id() {
            return HexFormat.of().toHexDigits(start);
        }
    }

    /** What an instance says about itself. The order is the number on the wire. */
    enum State {
        LIVE,
        DRAINING,
        /** The final entry. */
        ENDED
    }
}
