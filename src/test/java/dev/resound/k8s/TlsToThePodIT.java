package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.MetricsPage;
import dev.resound.test.ResoundProcess;
import dev.resound.test.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The component {@code tls}: the pods have a certificate, and everything that leads to them knows. */
class TlsToThePodIT {

    private static Manifests all() {
        return Kustomize.baseWith(List.of("tls"));
    }

    @Test
    void no_overlay_has_it_unasked() {
        assertThat(Kustomize.overlays()).allSatisfy(overlay -> {
            assertThat(overlay.pod().objects("/spec/volumes")).noneMatch(volume -> volume.has("/secret"));
            assertThat(ShippedSettings.of(overlay).http().tls().on()).isFalse();
        });
    }

    /** The kubelet never renews what is mounted by a subPath, and it cannot make a folder inside a volume that is read-only. */
    @Test
    void the_secret_is_a_read_only_folder_of_its_own_that_follows_rotations() {
        assertThat(secret().map("/secret")).containsExactly(Map.entry("secretName", "resound-tls"));
        assertThat(mount().at("/readOnly")).isEqualTo(true);
        assertThat(mount().has("/subPath")).isFalse();
        assertThat(mount().has("/subPathExpr")).isFalse();
        assertThat(all().container().objects("/volumeMounts"))
                .extracting(mount -> mount.text("/mountPath"))
                .doesNotHaveDuplicates()
                .noneMatch(path -> mount().text("/mountPath").startsWith(path + "/"));
    }

    /** Its files are named as the keys of a Secret of the type kubernetes.io/tls are. */
    @Test
    void with_the_secret_the_public_port_speaks_tls_and_probes_and_metrics_stay_plain(@TempDir Path folder)
            throws Exception {
        var certificate = TestCertificate.ec(folder, "resound");
        Map<String, String> environment = ShippedSettings.environment(all());
        environment.replaceAll((name, value) -> value.replace(mount().text("/mountPath"), folder.toString()));
        try (var resound = ResoundProcess.ready(environment);
                var http =
                        HttpClient.newBuilder().sslContext(certificate.client()).build()) {
            assertThat(status(http, URI.create("https://127.0.0.1:" + resound.port() + "/")))
                    .isEqualTo(200);
            for (String probe : List.of("/startupProbe", "/livenessProbe", "/readinessProbe")) {
                Manifest get = all().container().part(probe + "/httpGet");
                assertThat(get.has("/scheme")).isFalse();
                assertThat(status(http, resound.management(get.text("/path")))).isEqualTo(200);
            }
            assertThat((long) MetricsPage.of(resound).value("resound_tls_certificate_expiry_timestamp_seconds"))
                    .isEqualTo(
                            certificate.certificate().getNotAfter().toInstant().getEpochSecond());
        }
    }

    @Test
    void the_service_says_that_its_websockets_are_encrypted() {
        assertThat(all().the("Service").objects("/spec/ports")).singleElement().satisfies(port -> {
            assertThat(port.text("/appProtocol")).isEqualTo("kubernetes.io/wss");
            assertThat(port.number("/port")).isEqualTo(443);
            assertThat(port.text("/targetPort")).isEqualTo("http");
        });
    }

    @Test
    void route_and_ingress_find_the_service_at_its_other_port() {
        Manifests all = Kustomize.baseWith(List.of("httproute", "ingress", "tls"));
        assertThat(all.the("HTTPRoute").number("/spec/rules/0/backendRefs/0/port"))
                .isEqualTo(all.the("Service").number("/spec/ports/0/port"));
        assertThat(all.the("Ingress").text("/spec/rules/0/http/paths/0/backend/service/port/name"))
                .isEqualTo(all.the("Service").text("/spec/ports/0/name"));
    }

    @Test
    void a_route_passes_tls_through_in_either_order_of_the_components() {
        for (List<String> components : List.of(List.of("route", "tls"), List.of("tls", "route"))) {
            assertThat(Kustomize.baseWith(components).the("Route").text("/spec/tls/termination"))
                    .isEqualTo("passthrough");
        }
        assertThat(Kustomize.baseWith(List.of("route")).the("Route").text("/spec/tls/termination"))
                .isEqualTo("edge");
    }

    @Test
    void the_policy_for_a_gateway_names_the_service_and_its_port() {
        Manifests all = Kustomize.baseWith(List.of("httproute", "tls", "backend-tls"));
        Manifest policy = all.the("BackendTLSPolicy");
        Manifest service = all.the("Service");
        assertThat(policy.text("/spec/targetRefs/0/kind")).isEqualTo(service.kind());
        assertThat(policy.text("/spec/targetRefs/0/name")).isEqualTo(service.name());
        assertThat(policy.text("/spec/targetRefs/0/sectionName")).isEqualTo(service.text("/spec/ports/0/name"));
    }

    private static Manifest secret() {
        return the(all().pod().objects("/spec/volumes").stream().filter(volume -> volume.has("/secret")));
    }

    private static Manifest mount() {
        String volume = secret().text("/name");
        return the(all().container().objects("/volumeMounts").stream()
                .filter(mount -> mount.text("/name").equals(volume)));
    }

    private static Manifest the(Stream<Manifest> found) {
        List<Manifest> one = found.toList();
        assertThat(one).hasSize(1);
        return one.getFirst();
    }

    private static int status(HttpClient http, URI uri) throws Exception {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
