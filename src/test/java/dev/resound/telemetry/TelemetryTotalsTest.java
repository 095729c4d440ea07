package dev.resound.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.handshake.ConnectionKind;
import dev.resound.websocket.handshake.HttpProtocol;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TelemetryTotalsTest {

    @Test
    void counts_add_up_over_loops_and_intervals_and_what_is_open_over_the_newest_of_each_loop() {
        TelemetryTotals.Snapshot totals = TelemetryTotals.Snapshot.EMPTY
                .plus(sample(0, 5, 1))
                .plus(sample(1, 7, 10))
                .plus(sample(0, 2, 100));
        assertThat(totals.counts()).isEqualTo(TelemetryFixtures.pings(111));
        assertThat(totals.open().of(ConnectionKind.ECHO)).isEqualTo(9);
        assertThat(totals.open().of(ConnectionKind.TELEMETRY)).isZero();
        assertThat(totals.newest()).hasSize(2);
        assertThat(totals.newest(0)).contains(sample(0, 2, 100));
        assertThat(totals.newest(2)).isEmpty();
    }

    @Test
    void a_moment_stays_as_it_was() {
        TelemetryTotals.Snapshot before = TelemetryTotals.Snapshot.EMPTY.plus(sample(0, 5, 1));
        before.plus(sample(0, 6, 1));
        assertThat(before.open().of(ConnectionKind.ECHO)).isEqualTo(5);
        assertThat(before.counts()).isEqualTo(TelemetryFixtures.pings(1));
    }

    private static TelemetrySample sample(int loop, long open, int pings) {
        return new TelemetrySample(
                loop,
                Duration.ofSeconds(1),
                OpenConnections.NONE.plus(open, ConnectionKind.ECHO, HttpProtocol.HTTP_2),
                TelemetryFixtures.pings(pings),
                TelemetrySample.Lag.NONE);
    }
}
