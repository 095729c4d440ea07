package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.k8s.Rollout.Outcome;
import dev.resound.k8s.Rollout.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rollout does to pods and clients, by a simulation of the Deployment controller with the shipped settings. */
class RolloutIT {

    private static final int SEEDS = 20;

    /** Time from the creation of a pod to its readiness on a machine with the image. */
    private static final Duration START = Duration.ofSeconds(2);

    private static final Duration STEP = Duration.ofSeconds(1);

    private static Plan plan(int replicas) {
        return Plan.of(Kustomize.overlay("production"), replicas);
    }

    /** The new pods become ready at times that differ by up to {@code spread}; the first and the last differ by just that. */
    private static List<Duration> starts(int replicas, Duration spread, Random random) {
        return Stream.iterate(0, i -> i < replicas, i -> i + 1)
                .map(i -> {
                    long millis =
                            i == 0 ? 0 : i == replicas - 1 ? spread.toMillis() : random.nextLong(spread.toMillis());
                    return START.plusMillis(millis / 100 * 100);
                })
                .toList();
    }

    private static Outcome run(Plan plan, Duration spread, int seed) {
        var random = new Random(seed);
        return Rollout.run(plan, starts(plan.replicas(), spread, random), random);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 12})
    void each_client_is_disconnected_exactly_once_if_pods_become_ready_within_the_delay(int replicas) {
        Plan plan = plan(replicas);
        Duration spread = plan.delay().minus(Rollout.PROPAGATION).minus(STEP);
        for (int seed = 0; seed < SEEDS; seed++) {
            assertThat(run(plan, spread, seed).disconnects()).containsOnly(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 12})
    void there_are_at_most_twice_as_many_pods_and_never_fewer_ready_ones_than_wanted(int replicas) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Outcome outcome = run(plan(replicas), Duration.ofSeconds(5), seed);
            assertThat(outcome.peakPods()).isEqualTo(2 * replicas);
            assertThat(outcome.fewestReady()).isGreaterThanOrEqualTo(replicas);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 12})
    void it_takes_as_long_as_the_readme_says(int replicas) throws IOException {
        Plan plan = plan(replicas);
        Duration afterReady = plan.minReady().plus(plan.drain());
        Duration spread = Duration.ofSeconds(5);
        for (int seed = 0; seed < SEEDS; seed++) {
            assertThat(run(plan, spread, seed).duration())
                    .isBetween(
                            START.plus(spread).plus(afterReady),
                            START.plus(spread).plus(afterReady).plus(STEP));
        }
        assertThat(Files.readString(Kustomize.FOLDER.resolve("README.md")))
                .contains("minReadySeconds + drain.delay + drain.period + websocket.closing-timeout = %d s"
                        .formatted(afterReady.toSeconds()));
    }

    /** The strategy of earlier versions. On a real kubelet it had 6 pods at its peak too. */
    @Test
    void one_pod_at_a_time_disconnects_clients_twice_overlaps_drains_and_takes_longer() {
        Plan plan = plan(3).withMaxSurge(1);
        for (int seed = 0; seed < SEEDS; seed++) {
            Outcome outcome = run(plan, Duration.ofSeconds(5), seed);
            assertThat(outcome.disconnects()).contains(1, 2);
            assertThat(outcome.peakPods()).isEqualTo(6);
            assertThat(outcome.duration())
                    .isGreaterThan(run(plan(3), Duration.ofSeconds(5), seed).duration());
        }
    }

    /** The README states this limit: an old pod without a signal still takes clients, and drains later. */
    @Test
    void a_pod_that_becomes_ready_later_than_the_delay_costs_clients_a_second_disconnect() {
        assertThat(run(plan(3), Duration.ofSeconds(30), 1).disconnects()).contains(1, 2);
    }
}
