package dev.resound.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Two instances of Resound as processes, which can be restarted one after the other while clients use them. */
public final class RollingPair implements AutoCloseable {

    /** Short drains; frequent pings, which a {@link ClientLoad} needs to stop; and a timeout that no client reaches. */
    private static final Map<String, String> SETTINGS = Map.of(
            "RESOUND_DRAIN_DELAY", "2s",
            "RESOUND_DRAIN_PERIOD", "1s",
            "RESOUND_WEBSOCKET_KEEP_ALIVE_INTERVAL", "500ms",
            "RESOUND_WEBSOCKET_KEEP_ALIVE_TIMEOUT", "60s");

    /** Stands for {@code minReadySeconds}: a health check of the proxy must succeed before the next instance drains. */
    private static final Duration MIN_READY = Duration.ofSeconds(3);

    private static final Pattern END = Pattern.compile("connection closed .* cause=(\\S+) ");

    /** The ports of one instance; it keeps them when it restarts. */
    public record Ports(int publicPort, int managementPort) {

        private static Ports free() {
            return new Ports(FreePort.next(), FreePort.next());
        }
    }

    private final List<Ports> ports = List.of(Ports.free(), Ports.free());
    /** In the order of their start. */
    private final List<ResoundProcess> processes = new ArrayList<>();

    private RollingPair() {}

    /** Starts both. */
    public static RollingPair start() {
        var pair = new RollingPair();
        try {
            pair.ports.forEach(pair::launch);
            return pair;
        } catch (RuntimeException | AssertionError e) {
            pair.close();
            throw e;
        }
    }

    private void launch(Ports on) {
        Map<String, String> environment = new HashMap<>(SETTINGS);
        environment.put("RESOUND_HTTP_PORT", String.valueOf(on.publicPort()));
        environment.put("RESOUND_MANAGEMENT_PORT", String.valueOf(on.managementPort()));
        processes.add(ResoundProcess.ready(environment));
    }

    public Ports first() {
        return ports.get(0);
    }

    public Ports second() {
        return ports.get(1);
    }

    /** Drains and replaces the first instance, then the second one. Before each drain, the other one has been ready for a while. */
    public void restartOneAfterTheOther() {
        for (int i = 0; i < ports.size(); i++) {
            Waiting.pause(MIN_READY);
            ResoundProcess old = processes.get(i);
            old.signal("TERM");
            assertThat(old.exitCode()).isZero();
            launch(ports.get(i));
        }
    }

    /** How many connections ended with each cause, by the logs of all processes. */
    public Map<String, Integer> ends() {
        Map<String, Integer> ends = new HashMap<>();
        for (ResoundProcess process : processes) {
            END.matcher(process.output()).results().forEach(end -> ends.merge(end.group(1), 1, Integer::sum));
        }
        return ends;
    }

    @Override
    public void close() {
        processes.forEach(ResoundProcess::close);
    }
}
