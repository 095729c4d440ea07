package dev.resound.k8s;

import dev.resound.config.Configuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Simulates a rollout in steps of 100 ms: the Deployment controller with the strategy {@code RollingUpdate}, pods that drain, and clients
 * that reconnect to any pod that is ready.
 *
 * <p>The controller follows {@code rolling.go} of Kubernetes: {@code reconcileNewReplicaSet} scales the new ReplicaSet up as far as
 * {@code maxSurge} permits; only if it changes nothing, {@code reconcileOldReplicaSets} scales the old one down as far as {@code
 * maxUnavailable} and the available pods permit. Both count replicas that are wanted, so a pod that terminates does not count, although it
 * exists until its drain has ended.
 */
final class Rollout {

    /**
     * What the manifests determine.
     *
     * @param replicas of the Deployment
     * @param maxSurge as a number of pods
     * @param maxUnavailable as a number of pods
     * @param minReady the time from ready to available
     * @param delay from the signal to the first closed connection
     * @param period over which connections are closed
     * @param closing the time until connections are cut whose clients do not answer the Close frame
     */
    record Plan(
            int replicas,
            int maxSurge,
            int maxUnavailable,
            Duration minReady,
            Duration delay,
            Duration period,
            Duration closing) {

        static Plan of(Manifests manifests, int replicas) {
            Manifest deployment = manifests.deployment();
            Configuration settings = ShippedSettings.of(manifests);
            return new Plan(
                    replicas,
                    pods(deployment.at("/spec/strategy/rollingUpdate/maxSurge"), replicas, true),
                    pods(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable"), replicas, false),
                    Duration.ofSeconds(deployment.number("/spec/minReadySeconds")),
                    settings.drain().delay(),
                    settings.drain().period(),
                    settings.websocket().closingTimeout());
        }

        /** A percentage is rounded up for maxSurge and down for maxUnavailable. */
        private static int pods(Object value, int replicas, boolean up) {
            if (value instanceof Integer number) {
                return number;
            }
            int percent = Integer.parseInt(String.valueOf(value).replace("%", ""));
            return (replicas * percent + (up ? 99 : 0)) / 100;
        }

        Plan withMaxSurge(int pods) {
            return new Plan(replicas, pods, maxUnavailable, minReady, delay, period, closing);
        }

        /** The longest drain of a pod. */
        Duration drain() {
            return delay.plus(period).plus(closing);
        }
    }

    /**
     * What happened.
     *
     * @param peakPods the most pods that existed at the same time, those included that terminated
     * @param duration until the last old pod had ended
     * @param fewestReady the fewest pods in the endpoints
     * @param disconnects of each client
     */
    record Outcome(int peakPods, Duration duration, int fewestReady, List<Integer> disconnects) {}

    /** The time until endpoints and proxies know that a pod is ready, or terminates. */
    static final Duration PROPAGATION = Duration.ofSeconds(1);

    private static final int STEP = 100;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final int CLIENTS = 300;

    private static final class Pod {
        private final boolean old;
        private final int readyAt;
        private int signalAt = NEVER;
        private int endAt = NEVER;

        private Pod(boolean old, int readyAt) {
            this.old = old;
            this.readyAt = readyAt;
        }

        private boolean terminates() {
            return signalAt != NEVER;
        }
    }

    private static final class Client {
        private Pod pod;
        private int closeAt = NEVER;
        private int reconnectAt = NEVER;
        private int disconnects;

        private Client(Pod pod) {
            this.pod = pod;
        }
    }

    private final Plan plan;
    private final List<Duration> starts;
    private final Random random;
    private final List<Pod> pods = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private int now;
    private int oldReplicas;
    private int newReplicas;
    private int created;

    private Rollout(Plan plan, List<Duration> starts, Random random) {
        this.plan = plan;
        this.starts = starts;
        this.random = random;
        oldReplicas = plan.replicas();
        for (int i = 0; i < oldReplicas; i++) {
            pods.add(new Pod(true, Integer.MIN_VALUE / 2));
        }
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client(pods.get(i % oldReplicas)));
        }
    }

    /**
     * Runs a rollout to its end.
     *
     * @param starts the time from the creation to the readiness of each new pod, in the order of their creation
     */
    static Outcome run(Plan plan, List<Duration> starts, Random random) {
        return new Rollout(plan, starts, random).run();
    }

    private Outcome run() {
        int peak = 0;
        int fewest = plan.replicas();
        for (; newReplicas < plan.replicas() || pods.stream().anyMatch(pod -> pod.old); now += STEP) {
            reconcile();
            drain();
            reconnect();
            pods.removeIf(pod -> pod.endAt <= now);
            peak = Math.max(peak, pods.size());
            fewest = Math.min(fewest, endpoints().size());
        }
        int end = now;
        for (; clients.stream().anyMatch(client -> client.reconnectAt != NEVER); now += STEP) {
            reconnect();
        }
        return new Outcome(
                peak,
                Duration.ofMillis(end),
                fewest,
                clients.stream().map(client -> client.disconnects).toList());
    }

    private void reconcile() {
        if (!reconcileNewReplicaSet()) {
            reconcileOldReplicaSets();
        }
    }

    private boolean reconcileNewReplicaSet() {
        int room = plan.replicas() + plan.maxSurge() - oldReplicas - newReplicas;
        int more = Math.min(room, plan.replicas() - newReplicas);
        if (more <= 0) {
            return false;
        }
        newReplicas += more;
        for (int i = 0; i < more; i++) {
            pods.add(new Pod(false, now + millis(starts.get(created++))));
        }
        return true;
    }

    private void reconcileOldReplicaSets() {
        int minAvailable = plan.replicas() - plan.maxUnavailable();
        int newUnavailable = newReplicas - available(false);
        int mayGo = oldReplicas + newReplicas - minAvailable - newUnavailable;
        int surplus = available(true) + available(false) - minAvailable;
        int fewer = Math.min(oldReplicas, Math.min(mayGo, surplus));
        for (int i = 0; i < fewer; i++) {
            oldReplicas--;
            List<Pod> candidates =
                    pods.stream().filter(pod -> pod.old && !pod.terminates()).toList();
            Pod victim = candidates.get(random.nextInt(candidates.size()));
            victim.signalAt = now;
            victim.endAt = now + millis(plan.drain());
        }
    }

    private int available(boolean old) {
        return (int) pods.stream()
                .filter(pod -> pod.old == old && !pod.terminates() && pod.readyAt + millis(plan.minReady()) <= now)
                .count();
    }

    /** When the delay has passed, a pod closes its connections, spread evenly over the period. */
    private void drain() {
        for (Pod pod : pods) {
            if (pod.terminates() && pod.signalAt + millis(plan.delay()) == now) {
                List<Client> leaving = new ArrayList<>(
                        clients.stream().filter(client -> client.pod == pod).toList());
                Collections.shuffle(leaving, random);
                for (int i = 0; i < leaving.size(); i++) {
                    int after = millis(plan.period()) * i / leaving.size();
                    leaving.get(i).closeAt = now + after / STEP * STEP;
                }
            }
        }
        for (Client client : clients) {
            if (client.closeAt == now) {
                client.closeAt = NEVER;
                client.disconnects++;
                client.reconnectAt = now + STEP * (1 + random.nextInt(10));
            }
        }
    }

    private void reconnect() {
        List<Pod> endpoints = endpoints();
        for (Client client : clients) {
            if (client.reconnectAt == now) {
                client.reconnectAt = NEVER;
                client.pod = endpoints.get(random.nextInt(endpoints.size()));
            }
        }
    }

    private List<Pod> endpoints() {
        int known = now - millis(PROPAGATION);
        return pods.stream()
                .filter(pod -> pod.readyAt <= known && pod.signalAt > known)
                .toList();
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }
}
