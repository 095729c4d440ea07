package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings that a pod finds, read as it reads them: a key or variable that there is not, or a value that is wrong, fails. */
class SettingsIT {

    /** Where most proxies and load balancers cut a silent connection. */
    private static final Duration PROXIES_CUT = Duration.ofSeconds(60);

    static List<Manifests> overlays() {
        return Kustomize.overlays();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void the_file_is_the_one_in_conf(Manifests manifests) throws IOException {
        assertThat(ShippedSettings.file(manifests)).isEqualTo(Files.readString(Path.of("conf", "resound.yaml")));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void pings_and_the_end_of_silent_peers_come_before_proxies_cut(Manifests manifests) {
        Duration x = ShippedSettings.of(manifests).websocket().keepAliveInterval();
        assertThat(x).isEqualTo(Duration.ofSeconds(25));
        assertThat(x.multipliedBy(2)).isLessThan(PROXIES_CUT);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void the_grace_period_is_the_longest_drain_and_ten_seconds(Manifests manifests) {
        Configuration settings = ShippedSettings.of(manifests);
        Duration drain = settings.drain()
                .delay()
                .plus(settings.drain().period())
                .plus(settings.websocket().closingTimeout());
        assertThat(manifests.pod().number("/spec/terminationGracePeriodSeconds"))
                .isEqualTo(drain.plusSeconds(10).toSeconds());
        // It begins at once and waits by itself; a hook before the signal would only take from that time.
        assertThat(manifests.container().has("/lifecycle")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void endpoints_have_time_to_catch_up_and_clients_do_not_come_back_as_a_herd(Manifests manifests) {
        Configuration settings = ShippedSettings.of(manifests);
        assertThat(settings.drain().delay()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(settings.drain().period()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void the_ports_are_the_ones_that_the_service_listens_on(Manifests manifests) {
        Configuration settings = ShippedSettings.of(manifests);
        assertThat(manifests.container().objects("/ports"))
                .extracting(port -> port.text("/name") + " " + port.number("/containerPort"))
                .containsExactly(
                        "http " + settings.http().port(),
                        "management " + settings.management().port());
    }

    @Test
    void production_logs_for_machines_and_lets_in_its_own_page() {
        Configuration settings = ShippedSettings.of(Kustomize.overlay("production"));
        assertThat(settings.logging().format()).hasToString("JSON");
        assertThat(settings.websocket().allowedOrigins()).containsExactly("same-origin");
        assertThat(settings.telemetry().feed().allowedOrigins()).containsExactly("same-origin");
    }

    /** The name of a ConfigMap has a hash of what is in it, so that a change rolls the pods and a way back is there. */
    @ParameterizedTest
    @MethodSource("overlays")
    void a_changed_setting_rolls_the_pods(Manifests manifests) {
        assertThat(manifests.container().text("/envFrom/0/configMapRef/name")).matches("resound-settings-[a-z0-9]{10}");
        assertThat(manifests.pod().text("/spec/volumes/0/configMap/name")).matches("resound-conf-[a-z0-9]{10}");
    }
}
