package dev.resound.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.setting.InvalidSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsSettingsTest {

    @Test
    void without_files_there_is_no_tls() {
        assertThat(TlsSettings.OFF.on()).isFalse();
    }

    @Test
    void a_certificate_and_its_key_make_tls() {
        assertThat(new TlsSettings("tls.crt", "tls.key", "").on()).isTrue();
        assertThat(new TlsSettings("tls.crt", "tls.key", "ca.crt").on()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "tls.crt, '', '', key",
        "'', tls.key, '', certificate",
        "tls.crt, '', ca.crt, key",
        "'', tls.key, ca.crt, certificate"
    })
    void one_without_the_other_is_refused(String certificate, String key, String clientCa, String missing) {
        assertThatThrownBy(() -> new TlsSettings(certificate, key, clientCa))
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        invalid -> assertThat(invalid.violations())
                                .singleElement()
                                .satisfies(violation ->
                                        assertThat(violation.component()).isEqualTo(missing)));
    }

    @Test
    void certificates_of_clients_need_one_of_the_server() {
        assertThatThrownBy(() -> new TlsSettings("", "", "ca.crt"))
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        invalid -> assertThat(invalid.violations()).hasSize(2));
    }
}
