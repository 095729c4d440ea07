package dev.resound.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.telemetry.Metric;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the view of the fleet says at a time, in seconds by the clock of the reader. */
class FleetViewTest {

    private final FleetView view = new FleetView();

    private void add(double at, Entry entry) {
        assertThat(view.add(entry, nanos(at))).isTrue();
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    private List<String> states(double at) {
        return states(at, at);
    }

    private List<String> states(double at, double read) {
        return view.members(nanos(at), nanos(read)).stream()
                .map(each -> each.newest().source().name() + " " + each.state().label())
                .toList();
    }

    private JsonObject sums(double at) {
        return FleetMessages.sums(view.members(nanos(at), nanos(at)), view.isIncomplete(nanos(at)), nanos(at));
    }

    private long received(double at) {
        return sums(at).getJsonObject("messages").getJsonObject("received").getLong("text");
    }

    private static Duration up(double seconds) {
        return Duration.ofNanos(nanos(seconds));
    }

    @Test
    void an_instance_is_stale_after_three_intervals_and_gone_after_a_minute() {
        add(10, Entries.of("a", 1, up(100), 5));
        assertThat(states(12.9)).containsExactly("a live");
        assertThat(states(13.1)).containsExactly("a stale");
        assertThat(states(69.9)).containsExactly("a stale");
        assertThat(states(70.1)).containsExactly("a gone");
        add(71, Entries.of("a", 1, up(161), 7));
        assertThat(states(71)).as("it was only cut off").containsExactly("a live");
        assertThat(received(71)).isEqualTo(7);
    }

    @Test
    void no_instance_is_gone_because_redis_is() {
        add(10, Entries.of("a", 1, up(100), 5));
        assertThat(states(3600, 11)).containsExactly("a stale");
        view.removeExpired(nanos(11));
        assertThat(states(3600, 11)).hasSize(1);
    }

    @Test
    void an_instance_says_itself_that_it_drains_and_ends() {
        add(10, Entries.of("a", 1, Entry.State.DRAINING, up(100), 5));
        assertThat(states(11)).containsExactly("a draining");
        add(11, Entries.of("a", 1, Entry.State.ENDED, up(101), 6));
        assertThat(states(11)).containsExactly("a gone");
        assertThat(received(11)).isEqualTo(6);
        assertThat(sums(11).getJsonObject("connections").getLong("echo")).isZero();
    }

    @Test
    void an_instance_that_ended_counts_for_15_minutes() {
        add(0, Entries.of("a", 1, Entry.State.ENDED, up(100), 5));
        view.removeExpired(nanos(899));
        assertThat(received(899)).isEqualTo(5);
        view.removeExpired(nanos(901));
        assertThat(states(901)).isEmpty();
    }

    @Test
    void a_restart_under_the_same_name_counts_beside_the_start_before_it() {
        add(10, Entries.of("a", 1, up(100), 5));
        add(12, Entries.of("a", 2, up(1), 3));
        assertThat(received(12)).isEqualTo(8);
        assertThat(states(12)).containsExactly("a live", "a live");
        assertThat(view.members(nanos(12), nanos(12))
                        .getFirst()
                        .newest()
                        .source()
                        .start())
                .as("the newest start first")
                .isEqualTo(2);
    }

    @Test
    void a_lost_or_repeated_or_late_entry_changes_no_total() {
        add(10, Entries.of("a", 1, up(100), 5));
        add(17, Entries.of("a", 1, up(107), 9));
        add(17, Entries.of("a", 1, up(100), 5));
        add(18, Entries.of("a", 1, up(101), 6));
        assertThat(received(18)).isEqualTo(9);
        assertThat(states(20.5)).as("an old entry is no sign of life").containsExactly("a stale");
    }

    @Test
    void an_entry_whose_totals_decrease_is_refused() {
        add(10, Entries.of("a", 1, up(100), 5));
        assertThat(view.add(Entries.of("a", 1, up(101), 4), nanos(11))).isFalse();
        assertThat(received(11)).isEqualTo(5);
    }

    @Test
    void rates_are_those_of_the_clocks_of_the_instances_and_of_current_instances_only() {
        add(10, Entries.of("a", 1, up(100), 5));
        add(11.7, Entries.of("a", 1, up(102), 25));
        add(11, Entries.of("b", 2, up(0.5), 4));
        assertThat(rate(12)).isEqualTo(10 + 8);
        assertThat(rate(14.5)).as("b is stale").isEqualTo(10);
        assertThat(rate(16)).isZero();
    }

    private double rate(double at) {
        return sums(at).getJsonObject("rates")
                .getJsonObject("messages")
                .getJsonObject("received")
                .getDouble("text");
    }

    @Test
    void percentiles_are_those_of_the_summed_buckets_of_the_last_minute() {
        add(0, Entries.of("a", 1, up(1000), 1_000_000));
        assertThat(sums(1).getJsonObject("roundTrip").getValue("p50"))
                .as("counted before it was first seen")
                .isNull();
        add(1, Entries.of("a", 1, up(1001), 1_000_100));
        add(1, Entries.of("b", 2, up(1), 100));
        JsonObject roundTrip = sums(2).getJsonObject("roundTrip");
        assertThat(roundTrip.getDouble("p50")).isBetween(0.0025, 0.005);
        assertThat(roundTrip.getLong("count")).isEqualTo(1_000_200);
        assertThat(view.members(nanos(2), nanos(2))
                        .get(1)
                        .instance()
                        .recent(nanos(2))
                        .of(Metric.PING_RTT))
                .isEqualTo(100);
        assertThat(sums(62).getJsonObject("roundTrip").getValue("p50")).isNull();
    }

    @Test
    void gauges_are_those_of_the_instances_that_are_not_gone() {
        add(0, Entries.of("a", 1, up(100), 5));
        add(60, Entries.of("b", 2, up(100), 5));
        add(2, Entries.of("c", 3, Entry.State.ENDED, up(100), 5));
        JsonObject sums = sums(61);
        assertThat(sums.getJsonObject("instances"))
                .isEqualTo(new JsonObject()
                        .put("live", 1L)
                        .put("draining", 0L)
                        .put("stale", 0L)
                        .put("gone", 2L)
                        .put("limitReached", false));
        assertThat(sums.getLong("connectionsLimit")).isEqualTo(100);
        assertThat(sums.getJsonObject("heap").getLong("max")).isEqualTo(200);
    }

    @Test
    void the_number_of_instances_is_bounded_and_the_view_says_so() {
        add(0, Entries.of("ended", 1, Entry.State.ENDED, up(100), 1));
        for (int i = 1; i < FleetView.MOST; i++) {
            add(1, Entries.of("pod-" + i, i, up(100), 1));
        }
        assertThat(sums(2).getJsonObject("instances").getBoolean("limitReached"))
                .isFalse();

        add(2, Entries.of("new", 1, up(1), 1));
        assertThat(states(2)).contains("new live").doesNotContain("ended gone");
        assertThat(sums(2).getJsonObject("instances").getBoolean("limitReached"))
                .isTrue();

        add(3, Entries.of("one-too-many", 1, up(1), 1));
        assertThat(states(3)).hasSize(FleetView.MOST).doesNotContain("one-too-many live");
        assertThat(sums(64).getJsonObject("instances").getBoolean("limitReached"))
                .isFalse();
    }

    @Test
    void a_row_has_a_value_for_each_column() {
        add(0, Entries.of("a", 1, up(100), 5));
        JsonObject hello = FleetMessages.hello(new JsonObject(), Duration.ofSeconds(1), "resound");
        assertThat(FleetMessages.rows(view.members(nanos(1), nanos(1)), nanos(1))
                        .getJsonArray(0))
                .hasSameSizeAs(hello.getJsonArray("columns"));
    }
}
