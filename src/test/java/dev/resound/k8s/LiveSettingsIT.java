package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.MetricsPage;
import dev.resound.test.RawHttp;
import dev.resound.test.ResoundProcess;
import dev.resound.test.WireClient;
import dev.resound.test.WireFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A live setting is live in a cluster: the change leaves the Deployment as it is, and running pods take it up. */
class LiveSettingsIT {

    private static final String ORIGIN = "https://new.example";

    @TempDir
    private Path folder;

    @Test
    void one_more_origin_leaves_the_deployment_byte_identical() {
        Manifests changed = production("one-more-origin", withOrigin(), "");
        assertThat(ShippedSettings.of(changed).websocket().allowedOrigins()).containsExactly("same-origin", ORIGIN);
        assertThat(changed.deployment().json().encode())
                .isEqualTo(Kustomize.overlay("production").deployment().json().encode());
    }

    @Test
    void another_port_changes_the_pods() {
        Manifests changed = production("another-port", shipped(), """
                patches:
                  - target:
                      kind: Deployment
                    patch: |
                      - op: add
                        path: /spec/template/spec/containers/0/env/-
                        value:
                          name: RESOUND_HTTP_PORT
                          value: "9090"
                      - op: replace
                        path: /spec/template/spec/containers/0/ports/0/containerPort
                        value: 9090
                """);
        assertThat(ShippedSettings.of(changed).http().port()).isEqualTo(9090);
        assertThat(ShippedSettings.of(changed).logging().format()).hasToString("JSON");
        assertThat(changed.container().objects("/ports"))
                .extracting(port -> port.number("/containerPort"))
                .containsExactlyInAnyOrder(9090, 8081);
        assertThat(changed.pod()).isNotEqualTo(Kustomize.overlay("production").pod());
    }

    @Test
    void the_file_is_in_a_config_map_of_a_fixed_name_mounted_as_a_folder() {
        assertThat(Kustomize.overlays()).allSatisfy(overlay -> {
            assertThat(overlay.pod().text("/spec/volumes/0/configMap/name")).isEqualTo("resound-conf");
            assertThat(overlay.container().text("/volumeMounts/0/mountPath")).isEqualTo("/etc/resound");
            assertThat(overlay.container().has("/volumeMounts/0/subPath")).isFalse();
            assertThat(overlay.configMap("resound-conf").has("/immutable")).isFalse();
        });
    }

    @Test
    void a_running_pod_takes_up_an_origin_when_the_kubelet_swaps_the_folder() throws Exception {
        mount("..2026_01", shipped());
        Map<String, String> environment = ShippedSettings.environment(Kustomize.overlay("production"));
        try (var resound = ResoundProcess.ready(
                        environment, "--conf", folder.resolve("resound.yaml").toString());
                var open = WireClient.open(resound.port())) {
            assertThat(handshake(resound)).isEqualTo(403);

            mount("..2026_02", withOrigin());
            resound.await(() -> handshake(resound) == 101);

            open.send(WireFrame.text("still here")).expect(WireFrame.text("still here"));
            assertThat(failures(resound)).isZero();

            mount("..2026_03", "websocket: { allowed-origin: [] }\n");
            resound.await(() -> failures(resound) == 1);
            assertThat(handshake(resound)).isEqualTo(101);
        }
    }

    /** As the kubelet does: a new folder, then one atomic change of the link {@code ..data}. */
    private void mount(String version, String text) throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve(version)).resolve("resound.yaml"), text);
        Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of(version));
        Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Path file = folder.resolve("resound.yaml");
        if (!Files.exists(file)) {
            Files.createSymbolicLink(file, Path.of("..data", "resound.yaml"));
        }
    }

    /** The status of a handshake with the new origin. */
    private static int handshake(ResoundProcess resound) {
        try {
            return RawHttp.exchange(
                            resound.port(),
                            "GET /ws HTTP/1.1",
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: " + WireClient.KEY,
                            "Origin: " + ORIGIN)
                    .status();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double failures(ResoundProcess resound) {
        return MetricsPage.of(resound).value("resound_reload_failures_total{kind=\"settings\"}");
    }

    private static String shipped() {
        return ShippedSettings.file(Kustomize.overlay("production"));
    }

    private static String withOrigin() {
        String changed = shipped().replace("    - same-origin\n", "    - same-origin\n    - " + ORIGIN + "\n");
        assertThat(changed).isNotEqualTo(shipped());
        return changed;
    }

    private static Manifests production(String name, String file, String more) {
        return Kustomize.custom(name, """
                resources: [../../../k8s/overlays/production]
                configMapGenerator:
                  - name: resound-conf
                    namespace: resound
                    behavior: replace
                    files: [resound.yaml]
                """ + more, Map.of("resound.yaml", file));
    }
}
