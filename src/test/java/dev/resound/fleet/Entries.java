package dev.resound.fleet;

import dev.resound.telemetry.CounterSnapshot;
import dev.resound.telemetry.OpenConnections;
import dev.resound.telemetry.TelemetrySample;
import dev.resound.websocket.handshake.ConnectionKind;
import java.time.Duration;

/** Entries as instances write them. */
final class Entries {

    private static final int TEXT = 0;
    private static final int BUCKET = 3;

    private Entries() {}

    /** A live instance that has received some messages, and measured as many round trips of about 4 ms. */
    static Entry of(String name, long start, Duration uptime, long messages) {
        return of(name, start, Entry.State.LIVE, uptime, messages);
    }

    static Entry of(String name, long start, Entry.State state, Duration uptime, long messages) {
        return new Entry(
                new Entry.Source(name, start),
                "1.0.0",
                state,
                uptime,
                Duration.ofSeconds(1),
                messages(messages),
                OpenConnections.of((kind, http) -> kind == ConnectionKind.ECHO ? 2 : 0),
                100,
                new TelemetrySample.Lag(Duration.ofMillis(1), Duration.ofMillis(2)),
                50,
                200);
    }

    private static CounterSnapshot messages(long number) {
        return CounterSnapshot.from((metric, column) -> switch (metric) {
            case MESSAGES_RECEIVED -> column == TEXT ? number : 0;
            case PING_RTT -> column == BUCKET ? number : 0;
            default -> 0;
        });
    }
}
