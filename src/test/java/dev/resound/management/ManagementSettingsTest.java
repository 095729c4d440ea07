package dev.resound.management;

import static dev.resound.setting.SettingsAssert.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementSettingsTest {

    @Test
    void by_default_all_addresses_listen_on_8081() {
        assertThat(ManagementSettings.DEFAULT.host()).isEqualTo("0.0.0.0");
        assertThat(ManagementSettings.DEFAULT.port()).isEqualTo(8081);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65535})
    void a_port_has_sixteen_bits(int port) {
        assertThat(new ManagementSettings("::1", port).port()).isEqualTo(port);
    }

    @Test
    void everything_that_is_wrong_is_reported_at_once() {
        assertRefuses(() -> new ManagementSettings(" ", 65536), "host", "port");
        assertRefuses(() -> new ManagementSettings("", -1), "host", "port");
    }
}
