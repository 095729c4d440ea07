package dev.resound.websocket.handshake;

import static dev.resound.websocket.handshake.HandshakeFixtures.headers;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HandshakePoliciesTest {

    private static final String FEED = "chat, resound.telemetry.v1, resound.echo.v1";
    private static final String ECHO = "resound.echo.v1";

    private static HandshakeSettings settings(
            List<String> allowed, @Nullable List<String> feedOrigins, boolean require) {
        Map<Subprotocol, List<String>> feeds =
                feedOrigins == null ? Map.of() : Map.of(Subprotocol.TELEMETRY, feedOrigins);
        return new HandshakeSettings(allowed, feeds, require, List.of(), 64, true, true, true, Optional.empty());
    }

    private static Optional<String> allowedBy(HandshakeSettings settings, String origin, String offered) {
        return HandshakeFixtures.request(settings, headers("Origin", origin, "Sec-WebSocket-Protocol", offered))
                .originAllowedBy();
    }

    @Test
    void the_feed_has_its_own_origins() {
        HandshakeSettings settings = settings(List.of("https://a.com"), List.of("https://b.com"), false);
        assertThat(allowedBy(settings, "https://b.com", FEED)).contains("https://b.com");
        assertThat(allowedBy(settings, "https://b.com", ECHO)).isEmpty();
        assertThat(allowedBy(settings, "https://b.com", "")).isEmpty();
        assertThat(allowedBy(settings, "https://a.com", FEED)).isEmpty();
        assertThat(allowedBy(settings, "https://a.com", ECHO)).contains("https://a.com");
    }

    @Test
    void each_feed_has_its_own_origins() {
        var settings = new HandshakeSettings(
                List.of("https://a.com"),
                Map.of(
                        Subprotocol.TELEMETRY, List.of("https://b.com"),
                        Subprotocol.FLEET, List.of("https://c.com")),
                false,
                List.of(),
                64,
                true,
                true,
                true,
                Optional.empty());
        assertThat(allowedBy(settings, "https://c.com", "resound.fleet.v1")).contains("https://c.com");
        assertThat(allowedBy(settings, "https://b.com", "resound.fleet.v1")).isEmpty();
        assertThat(allowedBy(settings, "https://c.com", FEED)).isEmpty();
    }

    @Test
    void a_required_origin_is_required_for_echo_and_feed() {
        HandshakeSettings settings = settings(List.of(), List.of(), true);
        assertThat(HandshakeFixtures.request(settings, headers()).originAllowedBy())
                .isEmpty();
        assertThat(HandshakeFixtures.request(settings, headers("Sec-WebSocket-Protocol", FEED))
                        .originAllowedBy())
                .isEmpty();
    }

    @Test
    void a_disabled_feed_is_not_chosen() {
        HandshakeSettings settings = settings(List.of("https://b.com"), null, false);
        HandshakeRequest request =
                HandshakeFixtures.request(settings, headers("Origin", "https://b.com", "Sec-WebSocket-Protocol", FEED));
        assertThat(request.subprotocol()).contains(Subprotocol.ECHO);
        assertThat(request.originAllowedBy()).contains("https://b.com");
    }

    @Test
    void policies_are_reused_until_the_settings_change() {
        HandshakePolicies first = HandshakePolicies.of(settings(List.of("https://a.com"), null, false), null);
        assertThat(HandshakePolicies.of(settings(List.of("https://a.com"), null, false), first))
                .isSameAs(first);
        HandshakePolicies changed = HandshakePolicies.of(settings(List.of("https://b.com"), null, false), first);
        assertThat(changed.apply(
                                HandshakeFixtures.http(headers("Origin", "https://b.com")),
                                false,
                                HandshakeFixtures.peer("192.0.2.1"))
                        .originAllowedBy())
                .contains("https://b.com");
    }
}
