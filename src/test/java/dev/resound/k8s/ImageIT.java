package dev.resound.k8s;

import static dev.resound.test.WireFrame.binary;
import static dev.resound.test.WireFrame.close;
import static dev.resound.test.WireFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.setting.ByteSize;
import dev.resound.test.Crowd;
import dev.resound.test.MetricsPage;
import dev.resound.test.Podman;
import dev.resound.test.Podman.Container;
import dev.resound.test.PrometheusProcess;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The image, run with the settings of the production overlay: its user, rights, files, arguments, environment and grace period. */
@Timeout(300)
class ImageIT {

    private static final int CLIENTS = 200;
    private static final String NO_CAPABILITY = "0000000000000000";

    private static @Nullable Podman podman;

    @TempDir
    private Path directory;

    @BeforeAll
    static void load() {
        podman = Podman.load();
    }

    @AfterAll
    static void unload() {
        if (podman != null) {
            podman.close();
        }
    }

    private static Podman podman() {
        return Objects.requireNonNull(podman);
    }

    @Test
    void it_serves_with_no_right_and_no_capability_and_nothing_to_write_to() throws Exception {
        try (var container = deployed("--memory=256m", "--cpus=1")) {
            assertThat(container.status("Uid").split("\\s+", -1)).containsOnly("65532");
            assertThat(container.status("Gid").split("\\s+", -1)).containsOnly("65532");
            assertThat(List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"))
                    .allSatisfy(set -> assertThat(container.status(set)).isEqualTo(NO_CAPABILITY));
            assertThat(container.status("NoNewPrivs")).isEqualTo("1");
            assertThat(mountOptions(container)).startsWith("ro,");
            try (var http = HttpClient.newHttpClient();
                    var client = WireClient.open(container.process().port())) {
                var page = HttpRequest.newBuilder(container.process().page()).build();
                assertThat(http.send(page, HttpResponse.BodyHandlers.ofString()).body())
                        .contains("<title>");
                client.send(text("Grüße")).expect(text("Grüße"));
            }
            assertThat(container.process().output())
                    .containsPattern("transport\\W+(io_uring|epoll)")
                    .doesNotContain("WARN", "warning");
        }
    }

    /** The virtual machine is told to refuse to start without it. */
    @Test
    void its_aot_cache_fits_its_runtime_and_its_jars() {
        try (var container =
                podman().ready(List.of(), Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on -Xlog:class+load"))) {
            assertThat(container.process().output()).contains("dev.resound.Main source: shared objects file");
        }
    }

    @Test
    void where_its_aot_cache_is_of_no_use_it_starts_without_a_word_about_that() {
        try (var container = podman().ready(List.of(), Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseZGC"))) {
            assertThat(container.process().output()).doesNotContain("warning", "error");
        }
    }

    @Test
    void a_mistake_in_the_settings_ends_it_with_2_and_is_told() {
        try (var container = podman().launch(List.of(), Map.of("RESOUND_HTTP_PROT", "1"))) {
            assertThat(container.process().exitCode()).isEqualTo(2);
            assertThat(container.process().output()).contains("RESOUND_HTTP_PROT");
        }
    }

    @Test
    void the_test_of_the_chart_passes_in_a_pod_with_this_image_and_the_memory_it_is_given() {
        Manifest pod =
                Helm.templateSet("resound", "test.enabled=true").the("Pod").part("/spec");
        List<String> arguments = pod.texts("/containers/0/args");
        assertThat(arguments).containsExactly("--check", "ws://resound:80/ws");
        String memory = pod.text("/containers/0/resources/limits/memory");
        try (var service = deployed("--memory=256m", "--cpus=1");
                var check = podman().launch(
                                List.of(
                                        "--memory="
                                                + ByteSize.parse(memory + "B").bytes(),
                                        "--user=" + pod.number("/securityContext/runAsUser"),
                                        "--read-only",
                                        "--read-only-tmpfs=false",
                                        "--cap-drop=ALL",
                                        "--security-opt=no-new-privileges"),
                                Map.of(),
                                "--check",
                                service.process().webSocket().toString())) {
            assertThat(check.process().exitCode()).isZero();
            assertThat(check.process().output()).contains("/ws: echo after ");
        }
    }

    @Test
    void in_256_mib_it_holds_as_many_connections_as_it_admits_and_echoes_on_all() {
        try (var container = deployed("--memory=256m", "--cpus=1")) {
            int limit = (int) MetricsPage.of(container.process()).value("websocket_connections_limit");
            assertThat(limit).isGreaterThan(1000);
            List<WireClient> clients = Crowd.some(
                    50, limit, i -> WireClient.open(container.process().port()));
            byte[] payload = new byte[4000];
            for (int round = 0; round < 3; round++) {
                Crowd.each(
                        limit,
                        i -> assertThat(message(clients.get(i).send(binary(payload))))
                                .isEqualTo(binary(payload)));
            }
            assertThat(container.peakMemory()).isLessThan(256L << 20);
            assertThat(container.process().isAlive()).isTrue();
            Crowd.each(limit, i -> {
                clients.get(i).reset();
                return i;
            });
        }
    }

    @Test
    void sigterm_closes_every_connection_with_1001_within_the_grace_period() {
        Duration grace = Duration.ofSeconds(overlay().pod().number("/spec/terminationGracePeriodSeconds"));
        try (var container = deployed("--memory=256m", "--cpus=1")) {
            List<WireClient> clients = Crowd.some(
                    20, CLIENTS, i -> WireClient.open(container.process().port()));
            long signal = System.nanoTime();
            container.process().signal("TERM");
            Crowd.each(CLIENTS, i -> {
                try (WireClient client = clients.get(i).patient(grace)) {
                    assertThat(message(client)).isEqualTo(close(1001, "server draining"));
                    return client.send(close(1001)).expectEnd();
                }
            });
            assertThat(container.process().exitCode()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - signal)).isLessThan(grace);
        }
    }

    @Test
    void a_prometheus_with_the_shipped_rules_scrapes_it() throws Exception {
        PrometheusProcess.assumeInstalled();
        Path rules = Monitoring.writeRules(directory);
        try (var container = deployed("--memory=256m", "--cpus=1");
                var prometheus = PrometheusProcess.scraping(
                        container.process().managementPort(), directory, Map.of(), List.of(rules.toAbsolutePath()));
                var client = WireClient.open(container.process().port())) {
            assertThat(prometheus.awaitValue("websocket_connections{protocol=\"echo\"} == 1"))
                    .isEqualTo("1");
        }
    }

    /** The next frame that is no ping; pings are answered. */
    private static WireFrame message(WireClient client) {
        WireFrame frame = client.read();
        while (frame.opcode() == WireFrame.PING) {
            frame = client.send(WireFrame.frame(WireFrame.PONG, frame.payload()))
                    .read();
        }
        return frame;
    }

    private static Manifests overlay() {
        return Kustomize.overlay("production");
    }

    /** As the kubelet would start it. */
    private Container deployed(String... limits) {
        try {
            Manifests manifests = overlay();
            Manifest pod = manifests.pod().part("/spec");
            Manifest rights = manifests.container().part("/securityContext");
            List<String> options = new ArrayList<>(List.of(limits));
            options.add("--user=" + pod.number("/securityContext/runAsUser") + ":"
                    + pod.number("/securityContext/runAsGroup"));
            options.add("--read-only=" + rights.at("/readOnlyRootFilesystem"));
            options.add("--read-only-tmpfs=false");
            rights.texts("/capabilities/drop").forEach(capability -> options.add("--cap-drop=" + capability));
            if (rights.at("/allowPrivilegeEscalation").equals(false)) {
                options.add("--security-opt=no-new-privileges");
            }
            List<String> arguments = manifests.container().texts("/args");
            Path file = Files.writeString(directory.resolve("resound.yaml"), ShippedSettings.file(manifests));
            options.add("--volume=" + file + ":" + arguments.get(arguments.indexOf("--conf") + 1) + ":ro");
            return podman().ready(options, ShippedSettings.environment(manifests), arguments.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the root file system. */
    private static String mountOptions(Container container) throws IOException {
        try (var mounts = Files.lines(Path.of("/proc", Long.toString(container.pid()), "mountinfo"))) {
            return mounts.map(line -> line.split(" ", -1))
                    .filter(mount -> mount[4].equals("/"))
                    .map(mount -> mount[5])
                    .findFirst()
                    .orElseThrow();
        }
    }
}
