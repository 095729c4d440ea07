package dev.resound.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.config.Configuration;
import dev.resound.setting.Live;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings of a pod, read as the service reads them: an unknown key or an invalid value fails. */
class SettingsIT {

    /** After this time without traffic, most proxies and load balancers cut a connection. */
    private static final Duration PROXY_TIMEOUT = Duration.ofSeconds(60);

    static List<Manifests> overlays() {
        return Kustomize.overlays();
    }

    /** A value that differs from its default. */
    private record Change(String component, boolean live) {}

    @ParameterizedTest
    @MethodSource("overlays")
    void the_file_sets_only_what_running_pods_take_up(Manifests manifests) {
        assertThat(changes(ShippedSettings.read(ShippedSettings.file(manifests), Map.of())))
                .isNotEmpty()
                .allMatch(Change::live);
    }

    /** The environment wins over the file, so a live setting there would be live no more. */
    @ParameterizedTest
    @MethodSource("overlays")
    void the_environment_sets_only_what_needs_a_restart(Manifests manifests) {
        assertThat(changes(ShippedSettings.read("http: {}", ShippedSettings.environment(manifests))))
                .isNotEmpty()
                .noneMatch(Change::live);
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void pings_and_the_end_of_silent_clients_come_before_proxies_cut(Manifests manifests) {
        Duration x = ShippedSettings.of(manifests).websocket().keepAliveInterval();
        assertThat(x).isEqualTo(Duration.ofSeconds(25));
        assertThat(x.multipliedBy(2)).isLessThan(PROXY_TIMEOUT);
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
        // The service waits by itself after the signal. A preStop hook would only use up a part of the grace period.
        assertThat(manifests.container().has("/lifecycle")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void endpoints_have_time_to_change_and_clients_do_not_reconnect_all_at_once(Manifests manifests) {
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
    void production_logs_json_and_admits_its_own_page() {
        Configuration settings = ShippedSettings.of(Kustomize.overlay("production"));
        assertThat(settings.logging().format()).hasToString("JSON");
        assertThat(settings.websocket().allowedOrigins()).containsExactly("same-origin");
        assertThat(settings.telemetry().feed().allowedOrigins()).containsExactly("same-origin");
    }

    /** Otherwise the log and the limits would show the proxy instead of its clients. */
    @Test
    void production_believes_proxies_in_private_networks_and_nobody_else() {
        assertThat(ShippedSettings.of(Kustomize.overlay("production"))
                        .websocket()
                        .trustedProxies())
                .containsExactlyInAnyOrder(
                        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");
    }

    private static List<Change> changes(Configuration settings) {
        List<Change> changes = new ArrayList<>();
        compare(Configuration.DEFAULT, settings, false, changes);
        return changes;
    }

    private static void compare(Object before, Object after, boolean live, List<Change> changes) {
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            Object one = value(component, before);
            Object other = value(component, after);
            boolean takenUp = live || component.isAnnotationPresent(Live.class);
            if (one.getClass().isRecord() && one.getClass().getPackageName().startsWith("dev.resound")) {
                compare(one, other, takenUp, changes);
            } else if (!one.equals(other)) {
                changes.add(new Change(component.getName(), takenUp));
            }
        }
    }

    private static Object value(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a component of a record can be read", e);
        }
    }
}
