package dev.resound.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.setting.InvalidSettings;
import dev.resound.tls.TlsSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {

    @Test
    void the_public_port_is_8080_on_all_addresses() {
        assertThat(HttpSettings.DEFAULT).isEqualTo(new HttpSettings("0.0.0.0", 8080, false, TlsSettings.OFF));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65535})
    void a_tcp_port_is_taken(int port) {
        assertThat(new HttpSettings("::1", port, true, TlsSettings.OFF).port()).isEqualTo(port);
    }

    @ParameterizedTest
    @CsvSource({"'', 8080", "' ', 8080", "localhost, -1", "localhost, 65536"})
    void what_cannot_be_listened_on_is_refused(String host, int port) {
        assertThatThrownBy(() -> new HttpSettings(host, port, false, TlsSettings.OFF))
                .isInstanceOf(InvalidSettings.class);
    }
}
