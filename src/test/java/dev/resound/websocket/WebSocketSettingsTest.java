package dev.resound.websocket;

import static dev.resound.setting.SettingsAssert.assertRefuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.setting.ByteSize;
import dev.resound.test.SmallStack;
import dev.resound.websocket.handshake.DeflateSettings;
import dev.resound.websocket.protocol.ProtocolSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketSettingsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final DeflateSettings DEFLATE = new DeflateSettings(false, 9, ByteSize.ofKiB(1));

    @Test
    void the_defaults_match_the_reference_system_and_are_safe_where_it_has_none() {
        var settings = WebSocketSettings.DEFAULT;

        assertThat(settings.path()).isEqualTo("/ws");
        assertThat(settings.keepAliveInterval()).hasMinutes(2);
        assertThat(settings.keepAliveTimeout()).isZero();
        assertThat(settings.receiveBufferSize()).isEqualTo(ByteSize.ofKiB(4));
        assertThat(settings.maxFrameSize()).isEqualTo(ByteSize.ofMiB(1));
        assertThat(settings.allowedOrigins()).isEmpty();
        assertThat(settings.requireOrigin()).isFalse();
        assertThat(settings.maxConnections()).isZero();
        assertThat(settings.maxConnectionsPerAddress()).isZero();
        assertThat(settings.maxProbes()).isEqualTo(100);
        assertThat(settings.ipv6PrefixLength()).isEqualTo(64);
        assertThat(settings.compression()).isFalse();
        assertThat(settings.closingTimeout()).hasSeconds(5);
        assertThat(settings.handshakeTimeout()).hasSeconds(10);
        assertThat(settings.explain()).isTrue();
    }

    @Test
    void each_component_takes_its_own_value() {
        var settings = new WebSocketSettings(
                "/a",
                SECOND,
                Duration.ofSeconds(5),
                ByteSize.ofKiB(1),
                ByteSize.ofKiB(2),
                List.of("null"),
                true,
                3,
                4,
                5,
                48,
                List.of("::1"),
                true,
                DEFLATE,
                false,
                Duration.ofSeconds(6),
                Duration.ofSeconds(7),
                false);

        assertThat(settings.path()).isEqualTo("/a");
        assertThat(settings.keepAliveInterval()).isEqualTo(SECOND);
        assertThat(settings.keepAliveTimeout()).hasSeconds(5);
        assertThat(settings.receiveBufferSize()).isEqualTo(ByteSize.ofKiB(1));
        assertThat(settings.maxFrameSize()).isEqualTo(ByteSize.ofKiB(2));
        assertThat(settings.http2()).isFalse();
        assertThat(settings.allowedOrigins()).containsExactly("null");
        assertThat(settings.requireOrigin()).isTrue();
        assertThat(settings.maxConnections()).isEqualTo(3);
        assertThat(settings.maxConnectionsPerAddress()).isEqualTo(4);
        assertThat(settings.maxProbes()).isEqualTo(5);
        assertThat(settings.ipv6PrefixLength()).isEqualTo(48);
        assertThat(settings.trustedProxies()).containsExactly("::1");
        assertThat(settings.compression()).isTrue();
        assertThat(settings.deflate()).isEqualTo(DEFLATE);
        assertThat(settings.closingTimeout()).hasSeconds(6);
        assertThat(settings.handshakeTimeout()).hasSeconds(7);
        assertThat(settings.explain()).isFalse();
    }

    @Test
    void the_idle_timeout_is_twice_the_keep_alive_interval_and_off_with_it() {
        assertThat(keepAlive(Duration.ofSeconds(25)).idleTimeout()).hasSeconds(50);
        assertThat(keepAlive(Duration.ZERO).idleTimeout()).isZero();
    }

    @Test
    void the_list_of_origins_is_immutable() {
        var origins = new ArrayList<>(List.of("https://a.com"));
        var settings = new WebSocketSettings(
                "/ws",
                SECOND,
                Duration.ZERO,
                ByteSize.ofKiB(4),
                ByteSize.ofKiB(4),
                origins,
                false,
                0,
                0,
                0,
                64,
                List.of(),
                false,
                DEFLATE,
                true,
                SECOND,
                SECOND,
                true);

        origins.clear();

        assertThat(settings.allowedOrigins()).containsExactly("https://a.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws", "/ws/", "/a/b", "/v1.0/echo~x", "/-", "/dashboards", "/ws.html/x"})
    void a_path_consists_of_named_segments(String path) {
        assertThat(path(path).path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "ws", "//", "//a", "/a//b", "/a/../b", "/.", "/a b", "/ä", "/a?b", "/a#b", "/%61", "/*", "/:id"
            })
    void any_other_path_is_rejected(String path) {
        assertRefuses(() -> path(path), "path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/dashboard", "/dashboard/", "/index.html", "/a/page.css", "/client.js", "/x.mjs", "/favicon.ico"
            })
    void a_path_of_the_static_pages_is_rejected(String path) {
        assertRefuses(() -> path(path), "path");
    }

    @Test
    void the_keep_alive_interval_is_zero_or_between_ten_milliseconds_and_a_day() {
        assertThat(keepAlive(Duration.ofMillis(10)).keepAliveInterval()).hasMillis(10);
        assertThat(keepAlive(Duration.ofDays(1)).keepAliveInterval()).hasDays(1);
        assertRefuses(() -> keepAlive(Duration.ofMillis(9)), "keepAliveInterval");
        assertRefuses(() -> keepAlive(Duration.ofMillis(-1)), "keepAliveInterval");
        assertRefuses(() -> keepAlive(Duration.ofHours(25)), "keepAliveInterval");
    }

    @Test
    void all_problems_are_reported_together() {
        assertRefuses(
                () -> new WebSocketSettings(
                        "ws",
                        Duration.ofNanos(1),
                        Duration.ofNanos(1),
                        new ByteSize(127),
                        ByteSize.ofMiB(1),
                        List.of("*", "https://a.com", "a.com"),
                        false,
                        -1,
                        -1,
                        -1,
                        0,
                        List.of("10.0.0.0/33"),
                        true,
                        DEFLATE,
                        true,
                        Duration.ZERO,
                        Duration.ofDays(2),
                        true),
                "path",
                "keepAliveInterval",
                "keepAliveTimeout",
                "receiveBufferSize",
                "maxConnections",
                "maxConnectionsPerAddress",
                "maxProbes",
                "ipv6PrefixLength",
                "closingTimeout",
                "handshakeTimeout",
                "allowedOrigins",
                "allowedOrigins",
                "trustedProxies");
    }

    @Test
    void a_path_of_a_hundred_thousand_segments_is_validated_on_a_small_stack() throws InterruptedException {
        String longest = "/a".repeat(100_000);
        SmallStack.run(() -> assertThat(path(longest).path()).isEqualTo(longest));
    }

    @Test
    void the_keep_alive_timeout_replaces_twice_the_interval_even_if_that_is_off() {
        Duration timeout = Duration.ofSeconds(7);
        assertThat(keepAlive(Duration.ofSeconds(25), timeout).idleTimeout()).isEqualTo(timeout);
        assertThat(keepAlive(Duration.ZERO, timeout).idleTimeout()).isEqualTo(timeout);
        assertRefuses(() -> keepAlive(SECOND, Duration.ofMillis(9)), "keepAliveTimeout");
        assertRefuses(() -> keepAlive(SECOND, Duration.ofMillis(-1)), "keepAliveTimeout");
        assertRefuses(() -> keepAlive(SECOND, Duration.ofHours(25)), "keepAliveTimeout");
    }

    @Test
    void without_keep_alive_there_are_no_pings_and_the_timeout_is_half_an_hour_or_longer_if_it_is_anyway() {
        ProtocolSettings probe = keepAlive(Duration.ofMinutes(2), Duration.ZERO).protocol(false);
        assertThat(probe.keepAliveInterval()).isZero();
        assertThat(probe.idleTimeout()).hasMinutes(30);
        assertThat(keepAlive(Duration.ofHours(1), Duration.ZERO).protocol(false).idleTimeout())
                .hasHours(2);
        assertThat(keepAlive(Duration.ZERO, Duration.ZERO).protocol(false).idleTimeout())
                .isZero();
    }

    @Test
    void an_ipv6_prefix_has_1_to_128_bits() {
        assertThat(ipv6Prefix(1).ipv6PrefixLength()).isEqualTo(1);
        assertThat(ipv6Prefix(128).ipv6PrefixLength()).isEqualTo(128);
        assertRefuses(() -> ipv6Prefix(0), "ipv6PrefixLength");
        assertRefuses(() -> ipv6Prefix(129), "ipv6PrefixLength");
    }

    private static WebSocketSettings path(String path) {
        return settings(path, SECOND, Duration.ZERO, 64);
    }

    private static WebSocketSettings keepAlive(Duration interval) {
        return keepAlive(interval, Duration.ZERO);
    }

    private static WebSocketSettings keepAlive(Duration interval, Duration timeout) {
        return settings("/ws", interval, timeout, 64);
    }

    private static WebSocketSettings ipv6Prefix(int length) {
        return settings("/ws", SECOND, Duration.ZERO, length);
    }

    private static WebSocketSettings settings(String path, Duration interval, Duration timeout, int ipv6PrefixLength) {
        return new WebSocketSettings(
                path,
                interval,
                timeout,
                ByteSize.ofKiB(4),
                ByteSize.ofKiB(4),
                List.of(),
                false,
                0,
                0,
                0,
                ipv6PrefixLength,
                List.of(),
                false,
                DEFLATE,
                true,
                SECOND,
                SECOND,
                true);
    }
}
