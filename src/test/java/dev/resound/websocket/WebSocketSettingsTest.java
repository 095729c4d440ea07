package dev.resound.websocket;

import static dev.resound.test.ObservedServer.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resound.setting.InvalidSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebSocketSettingsTest {

    @Test
    void the_defaults_are_those_of_the_reference_system() {
        assertThat(WebSocketSettings.DEFAULT.keepAliveInterval()).isEqualTo(Duration.ofMinutes(2));
        assertThat(WebSocketSettings.DEFAULT.receiveBufferSize().bytes()).isEqualTo(4096);
        assertThat(WebSocketSettings.DEFAULT.allowedOrigins()).isEmpty();
        assertThat(WebSocketSettings.DEFAULT.path()).isEqualTo("/ws");
    }

    @Test
    void the_peer_is_given_twice_the_interval() {
        assertThat(settings("keep-alive-interval", "25s").idleTimeout()).isEqualTo(Duration.ofSeconds(50));
    }

    @ParameterizedTest
    @CsvSource({
        "keep-alive-interval, 9ms",
        "keep-alive-interval, 25h",
        "receive-buffer-size, 127B",
        "receive-buffer-size, 2MiB",
        "max-connections, -1",
        "max-connections-per-address, -1",
        "compression, true",
        "closing-timeout, 0s",
        "handshake-timeout, 0s",
        "path, ws",
        "path, /w s",
        "path, /ws?x",
        "allowed-origins, *",
        "allowed-origins, client.com",
        "allowed-origins, https://client.com/",
        "allowed-origins, https://c*.client.com",
    })
    void a_broken_rule_is_reported(String key, String value) {
        assertThatThrownBy(() -> settings(key, value)).rootCause().isInstanceOf(InvalidSettings.class);
    }

    @ParameterizedTest
    @CsvSource({
        "keep-alive-interval, 0s",
        "keep-alive-interval, 10ms",
        "receive-buffer-size, 128B",
        "max-frame-size, 0B",
        "path, /",
        "path, /a/b-c_d.e~f",
        "allowed-origins, https://*.client.com",
        "allowed-origins, same-origin",
        "allowed-origins, null",
    })
    void the_edges_are_allowed(String key, String value) {
        assertThat(settings(key, value)).isNotNull();
    }

    @Test
    void the_origins_cannot_be_changed_from_outside() {
        List<String> origins = new java.util.ArrayList<>(List.of("https://a.com"));
        WebSocketSettings d = WebSocketSettings.DEFAULT;
        var settings = new WebSocketSettings(
                d.path(),
                d.keepAliveInterval(),
                d.receiveBufferSize(),
                d.maxFrameSize(),
                origins,
                false,
                0,
                0,
                false,
                d.closingTimeout(),
                d.handshakeTimeout());
        origins.clear();
        assertThat(settings.allowedOrigins()).containsExactly("https://a.com");
    }
}
