package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.ObservedServer;
import org.junit.jupiter.api.Test;

class PoliciesTest {

    @Test
    void they_stay_as_long_as_the_settings_say_the_same() {
        Policies policies = Policies.of(ObservedServer.settings("allowed-origins", "https://a.com"));
        assertThat(policies.in(ObservedServer.settings("allowed-origins", "https://a.com")))
                .isSameAs(policies);
    }

    @Test
    void they_follow_from_the_settings_in_force() {
        Policies policies = Policies.of(ObservedServer.settings("allowed-origins", "https://a.com"))
                .in(ObservedServer.settings("allowed-origins", "https://b.com", "trusted-proxies", "10.0.0.1"));
        assertThat(policies.origins().allowing("https://a.com", null)).isEmpty();
        assertThat(policies.origins().allowing("https://b.com", null)).isPresent();
        assertThat(policies.proxies().clientOf("10.0.0.1", java.util.List.of("10.0.0.2")))
                .isEqualTo("10.0.0.2");
    }
}
