package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.resound.config.ConfigurationReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The component {@code fleet} and the small Valkey, from Kustomize and from the chart. */
class FleetViewIT {

    private static final String VALKEY = "resound-valkey";

    private static Manifests pods() {
        return Kustomize.baseWith(List.of("fleet"));
    }

    /** The Valkey of Kustomize, and that of the chart. */
    static List<Manifests> valkeys() {
        Manifests chart = Helm.templateSet("resound", "fleet.enabled=true,fleet.valkey.enabled=true");
        return List.of(
                Kustomize.custom("valkey", "resources: [../../../k8s/valkey]\n"),
                new Manifests(
                        "chart",
                        chart.all().stream()
                                .filter(manifest -> manifest.name().equals(VALKEY)
                                        || manifest.kind().equals("Secret"))
                                .toList()));
    }

    @Test
    void the_variables_come_from_the_secret_which_must_exist() {
        Manifest source = pods().container().part("/envFrom/0/secretRef");
        assertThat(source.text("/name")).isEqualTo("resound-fleet");
        assertThat(source.has("/optional")).isFalse();
    }

    @Test
    void the_pods_may_connect_to_dns_and_redis_and_to_nothing_else() {
        Manifest policy = pods().the("NetworkPolicy");
        assertThat(policy.texts("/spec/policyTypes")).containsExactly("Egress");
        assertThat(policy.objects("/spec/egress").stream()
                        .flatMap(rule -> rule.objects("/ports").stream())
                        .map(port -> port.text("/protocol") + " " + port.number("/port")))
                .containsExactly("UDP 53", "TCP 53", "TCP 6379");
        assertThat(pods().pod().labels()).containsAllEntriesOf(policy.map("/spec/podSelector/matchLabels"));
    }

    @ParameterizedTest
    @MethodSource("valkeys")
    void the_valkey_has_valid_fields_and_passes_the_restricted_profile(Manifests manifests) {
        assertThat(manifests.all())
                .allSatisfy(
                        manifest -> assertThatCode(() -> Models.read(manifest)).doesNotThrowAnyException());
        Manifest pod = manifests.pod().part("/spec");
        assertThat(pod.at("/securityContext/runAsNonRoot")).isEqualTo(true);
        assertThat(pod.text("/securityContext/seccompProfile/type")).isEqualTo("RuntimeDefault");
        assertThat(pod.at("/automountServiceAccountToken")).isEqualTo(false);
        Manifest container = manifests.container().part("/securityContext");
        assertThat(container.at("/allowPrivilegeEscalation")).isEqualTo(false);
        assertThat(container.at("/readOnlyRootFilesystem")).isEqualTo(true);
        assertThat(container.texts("/capabilities/drop")).containsExactly("ALL");
    }

    @ParameterizedTest
    @MethodSource("valkeys")
    void the_secret_leads_to_the_service_and_the_service_to_the_valkey(Manifests manifests) {
        Manifest service = manifests.the("Service");
        String url = manifests.the("Secret").text("/stringData/RESOUND_FLEET_REDIS");
        assertThat(url).isEqualTo("redis://%s:%d".formatted(service.name(), service.number("/spec/ports/0/port")));
        assertThat(ConfigurationReader.read(Map.of("fleet.redis", url)).fleet().on())
                .isTrue();
        assertThat(manifests.the("Secret").name()).isEqualTo("resound-fleet");
        assertThat(manifests.pod().labels()).containsAllEntriesOf(service.map("/spec/selector"));
        assertThat(manifests.pod().labels())
                .containsAllEntriesOf(manifests.the("NetworkPolicy").map("/spec/podSelector/matchLabels"));
        assertThat(manifests.container().text("/ports/0/name")).isEqualTo(service.text("/spec/ports/0/targetPort"));
    }

    /** Otherwise the Service of the pods would lead clients to the Valkey. */
    @ParameterizedTest
    @MethodSource("valkeys")
    void only_pods_of_the_service_reach_the_valkey_and_nothing_takes_it_for_one_of_them(Manifests manifests) {
        assertThat(manifests.pod().labels()).containsEntry("app.kubernetes.io/name", VALKEY);
        Manifest from = manifests.the("NetworkPolicy").part("/spec/ingress/0/from/0");
        assertThat(pods().pod().labels())
                .containsAllEntriesOf(from.map("/podSelector/matchLabels"))
                .containsEntry("app.kubernetes.io/name", "resound");
    }

    @ParameterizedTest
    @MethodSource("valkeys")
    void the_valkey_writes_nothing_to_disk_and_deletes_nothing(Manifests manifests) {
        assertThat(manifests.container().texts("/args"))
                .containsSequence("--save", "", "--appendonly", "no")
                .containsSequence("--maxmemory-policy", "noeviction");
        assertThat(manifests.pod().has("/spec/volumes")).isFalse();
    }
}
