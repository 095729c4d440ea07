package dev.resound.web;

import static dev.resound.setting.SettingsAssert.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {

    @Test
    void by_default_all_addresses_listen_on_8080() {
        assertThat(HttpSettings.DEFAULT.host()).isEqualTo("0.0.0.0");
        assertThat(HttpSettings.DEFAULT.port()).isEqualTo(8080);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65535})
    void a_port_has_sixteen_bits(int port) {
        assertThat(new HttpSettings("::1", port).port()).isEqualTo(port);
    }

    @Test
    void everything_that_is_wrong_is_reported_at_once() {
        assertRefuses(() -> new HttpSettings(" ", 65536), "host", "port");
        assertRefuses(() -> new HttpSettings("", -1), "host", "port");
    }
}
