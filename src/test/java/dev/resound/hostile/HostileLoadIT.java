package dev.resound.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.MetricsPage;
import dev.resound.test.ResoundProcess;
import dev.resound.test.TestCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All attacks at once on a service with 128 MiB of heap, on both transports of Linux and over TLS, while well-behaved clients go on, over
 * HTTP/1.1 and over HTTP/2.
 * {@code -Dhostile.seconds=600} attacks for longer, {@code -Dhostile.attacks=REGEX} with some of the attacks only.
 */
@Timeout(900)
class HostileLoadIT {

    private static final Duration ATTACK = Duration.ofSeconds(Long.getLong("hostile.seconds", 8));
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration CALM = Duration.ofSeconds(3);
    private static final Pattern CHOSEN = Pattern.compile(System.getProperty("hostile.attacks", ".*"));

    /** The whole heap is resident from the start, so that resident memory tells what is outside of it. */
    private static final List<String> JVM_OPTIONS = List.of("-Xmx128m", "-Xms128m", "-XX:+AlwaysPreTouch");

    private static final int CLIENTS = 20;
    /** The attackers have one address, and may not take all places. */
    private static final String MOST_OF_ATTACKERS = "400";

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(1);
    /** The attackers share the cores with the service, and TLS and HTTP/2 cost them as much as it. */
    private static final Duration LONGEST_DELAY_WHEN_BUSY = Duration.ofSeconds(3);
    /** Vert.x starts each of its worker threads when it first needs it, and keeps it. */
    private static final int WORKERS = 20 + 8;

    private static final int LARGEST_LOG = 1_000_000;

    private static final Pattern FAULT = Pattern.compile("ERROR|WARN|LEAK|Exception|OutOfMemory|^\\s+at ");
    /** Vert.x says so where the machine, and not the service, was busy with others; the delays of the clients are what counts. */
    private static final Pattern BUSY_MACHINE = Pattern.compile("has been blocked for \\d+ ms");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll"})
    void clients_go_on_while_all_attacks_run_at_once(String transport) throws Exception {
        withstands(Map.of("RESOUND_TRANSPORT", transport), Optional.empty(), Siege.plain(), false);
    }

    @Test
    void clients_go_on_while_all_attacks_on_http2_in_clear_text_run_at_once() throws Exception {
        withstands(Map.of(), Optional.empty(), Http2Attacks.all(), true);
    }

    @Test
    void clients_go_on_while_all_attacks_run_at_once_over_tls() throws Exception {
        TestCertificate certificate = TestCertificate.ec(directory, "resound");
        Map<String, String> settings = Map.of(
                "RESOUND_HTTP_TLS_CERTIFICATE", certificate.certificateFile().toString(),
                "RESOUND_HTTP_TLS_KEY", certificate.keyFile().toString());
        withstands(settings, Optional.of(certificate.client()), Siege.tls(), true);
    }

    private static void withstands(
            Map<String, String> settings, Optional<SSLContext> tls, List<Attack> attacks, boolean busy)
            throws InterruptedException {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("RESOUND_WEBSOCKET_COMPRESSION", "true");
        environment.put("RESOUND_WEBSOCKET_HANDSHAKE_TIMEOUT", "5s");
        environment.put("RESOUND_WEBSOCKET_MAX_CONNECTIONS_PER_ADDRESS", MOST_OF_ATTACKERS);
        List<Attack> chosen = attacks.stream()
                .filter(attack -> CHOSEN.matcher(attack.name()).find())
                .toList();
        try (var resound = ResoundProcess.ready(JVM_OPTIONS, environment)) {
            var siege = new Siege(resound.port(), tls, busy);
            siege.run(chosen, WARM_UP);
            List<EchoClient> calm = calm(resound, tls);
            Footprint before = Footprint.of(awaitRest(resound));

            List<EchoClient> clients = EchoClient.start(CLIENTS, resound.port(), tls);
            try (Probe probe = Probe.of(resound)) {
                siege.run(chosen, ATTACK);
                clients.forEach(EchoClient::close);
                Duration longest = busy ? LONGEST_DELAY_WHEN_BUSY : LONGEST_DELAY;
                assertUnharmed(clients, longest.plus(worst(calm)));
                // While attackers take the processors, one late answer is theirs; Kubernetes acts on the third in a
                // row.
                assertThat(probe.mostFailuresInARow())
                        .as("%s", probe.failures())
                        .isLessThanOrEqualTo(busy ? 1 : 0);
            }
            Footprint after = Footprint.of(awaitRest(resound));
            assertReturned(before, after);
            assertCounted(
                    MetricsPage.of(resound),
                    Stream.concat(calm.stream(), clients.stream()).toList());
            resound.signal("TERM");
            assertThat(resound.exitCode()).isZero();
            assertQuiet(resound.output());
        }
    }

    /** Until nobody is connected, and each deadline is over. */
    private static ResoundProcess awaitRest(ResoundProcess resound) {
        MetricsPage.await(resound, page -> page.sum("websocket_connections") == 0);
        double[] files = {0};
        MetricsPage.await(resound, page -> {
            boolean same = page.value("process_files_open_files") == files[0];
            files[0] = page.value("process_files_open_files");
            pause(Duration.ofSeconds(1));
            return same;
        });
        return resound;
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the machine gives while nobody attacks: others may be at work on it. */
    private static List<EchoClient> calm(ResoundProcess resound, Optional<SSLContext> tls) {
        List<EchoClient> clients = EchoClient.start(CLIENTS, resound.port(), tls);
        pause(CALM);
        clients.forEach(EchoClient::close);
        return clients;
    }

    private static Duration worst(List<EchoClient> clients) {
        return clients.stream().map(EchoClient::worst).max(Duration::compareTo).orElseThrow();
    }

    private static void assertUnharmed(List<EchoClient> clients, Duration longest) {
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.fault()).isNull();
            assertThat(client.echoes()).isPositive();
        });
        List<String> late = clients.stream()
                .flatMap(client -> client.late().stream())
                .limit(20)
                .toList();
        assertThat(worst(clients))
                .as("the longest time from a message to its echo; late: %s", late)
                .isLessThan(longest);
    }

    /** What the warm-up took is kept, as pools and classes are; what the attacks took is not. */
    private static void assertReturned(Footprint before, Footprint after) {
        assertThat(after.heapMiB()).as("live heap, MiB").isLessThan(before.heapMiB() + 6);
        assertThat(after.buffersMiB()).as("buffers, MiB").isLessThan(before.buffersMiB() + 6);
        assertThat(after.residentMiB()).as("resident, MiB").isLessThan(before.residentMiB() + 64);
        assertThat(after.files()).as("open files").isLessThan(before.files() + 8);
        assertThat(after.threads()).as("threads").isLessThan(before.threads() + WORKERS);
    }

    private static void assertCounted(MetricsPage page, List<EchoClient> clients) {
        double accepted = page.value("websocket_handshakes_total{outcome=\"accepted\"}");
        assertThat(page.sum("websocket_connections")).isZero();
        assertThat(page.sum("websocket_connections_closed_total")).isEqualTo(accepted);
        assertThat(page.value("websocket_connection_duration_seconds_count")).isEqualTo(accepted);
        // No attacker leaves with a closing handshake.
        assertThat(page.value("websocket_connections_closed_total{cause=\"client\"}"))
                .isEqualTo(clients.stream().mapToDouble(EchoClient::closings).sum());
        assertThat(page.value("websocket_connections_closed_total{cause=\"client\",http=\"2\"}"))
                .isPositive();
        assertThat(page.value("websocket_connections_closed_total{cause=\"error\"}"))
                .isZero();
        assertThat(page.sum("websocket_messages_sent_total"))
                .isGreaterThanOrEqualTo(
                        clients.stream().mapToDouble(EchoClient::echoes).sum());
        assertThat(page.value("resound_overloaded")).isZero();
    }

    private static void assertQuiet(String log) {
        assertThat(log.length()).isLessThan(LARGEST_LOG);
        assertThat(log.lines()
                        .filter(line -> FAULT.matcher(line).find()
                                && !BUSY_MACHINE.matcher(line).find()))
                .isEmpty();
    }
}
