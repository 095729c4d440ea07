package dev.resound.telemetry;

import dev.resound.websocket.handshake.HttpProtocol;
import java.util.Arrays;

/** The counters of one event loop, as plain fields: adding takes no lock and allocates nothing. */
final class LoopCounters {

    private final long[][] numbers = CounterSnapshot.zeros();

    void add(Metric counter, long count) {
        numbers[counter.row()][0] += count;
    }

    /** @param label a constant of the enum behind the counter's {@link Metric.Label} */
    void add(Metric counter, Enum<?> label, long count) {
        numbers[counter.row()][Metric.column(label)] += count;
    }

    /** The same for a counter with the label {@link Metric.Label#HTTP} too. */
    void add(Metric counter, Enum<?> label, HttpProtocol http, long count) {
        numbers[counter.row()][Metric.column(http) * counter.stride() + Metric.column(label)] += count;
    }

    void observe(Metric histogram, long nanos) {
        long[] row = numbers[histogram.row()];
        row[histogram.buckets().indexOf(nanos)]++;
        row[row.length - 1] += nanos;
    }

    /** Returns what was added since the last call, and resets all counters. */
    CounterSnapshot take() {
        long[][] taken = CounterSnapshot.zeros();
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(numbers[i], 0, taken[i], 0, taken[i].length);
            Arrays.fill(numbers[i], 0);
        }
        return new CounterSnapshot(taken);
    }
}
