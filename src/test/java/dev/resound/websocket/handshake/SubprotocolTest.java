package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubprotocolTest {

    private static final HandshakeSettings RESTRICTIVE =
            new HandshakeSettings(List.of(), Map.of(), false, List.of(), 64, false, false, false, Optional.empty());

    @Test
    void the_first_known_offer_is_chosen() {
        assertThat(choose("chat, resound.telemetry.v1, resound.echo.v1")).hasValue(Subprotocol.TELEMETRY);
        assertThat(Subprotocol.choose(List.of("chat", "resound.echo.v1"), HandshakeFixtures.PERMISSIVE))
                .hasValue(Subprotocol.ECHO);
    }

    @Test
    void without_a_known_offer_none_is_chosen() {
        assertThat(Subprotocol.choose(List.of(), HandshakeFixtures.PERMISSIVE)).isEmpty();
        assertThat(choose("chat")).isEmpty();
        assertThat(choose("Resound.Echo.V1")).isEmpty();
    }

    @Test
    void a_disabled_feed_is_not_chosen() {
        assertThat(Subprotocol.choose(List.of("resound.telemetry.v1, resound.echo.v1"), RESTRICTIVE))
                .hasValue(Subprotocol.ECHO);
    }

    @Test
    void without_explain_a_client_does_not_see_its_handshake() {
        assertThat(choose("resound.whoami.v1, resound.echo.v1")).hasValue(Subprotocol.WHOAMI);
        assertThat(Subprotocol.choose(List.of("resound.whoami.v1, resound.echo.v1"), RESTRICTIVE))
                .hasValue(Subprotocol.ECHO);
    }

    @Test
    void each_feed_is_chosen_only_if_it_is_enabled_itself() {
        assertThat(choose("resound.fleet.v1")).isEmpty();
        var fleet = new HandshakeSettings(
                List.of(),
                Map.of(Subprotocol.FLEET, List.of()),
                false,
                List.of(),
                64,
                true,
                true,
                true,
                Optional.empty());
        assertThat(Subprotocol.choose(List.of("resound.telemetry.v1, resound.fleet.v1"), fleet))
                .hasValue(Subprotocol.FLEET);
    }

    @Test
    void offers_are_split_at_commas_and_trimmed_and_empty_ones_are_ignored() {
        assertThat(Subprotocol.offered(List.of(" a ,b", ",c,"))).containsExactly("a", "b", "c");
    }

    private static Optional<Subprotocol> choose(String header) {
        return Subprotocol.choose(List.of(header), HandshakeFixtures.PERMISSIVE);
    }
}
