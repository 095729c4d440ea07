package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubprotocolTest {

    private static final Set<Subprotocol> FEED = Set.of(Subprotocol.TELEMETRY);

    @Test
    void the_first_known_offer_is_chosen() {
        assertThat(choose("chat, resound.telemetry.v1, resound.echo.v1")).hasValue(Subprotocol.TELEMETRY);
        assertThat(Subprotocol.choose(List.of("chat", "resound.echo.v1"), FEED)).hasValue(Subprotocol.ECHO);
    }

    @Test
    void without_a_known_offer_none_is_chosen() {
        assertThat(Subprotocol.choose(List.of(), FEED)).isEmpty();
        assertThat(choose("chat")).isEmpty();
        assertThat(choose("Resound.Echo.V1")).isEmpty();
    }

    @Test
    void a_disabled_feed_is_not_chosen() {
        assertThat(Subprotocol.choose(List.of("resound.telemetry.v1, resound.echo.v1"), Set.of()))
                .hasValue(Subprotocol.ECHO);
    }

    @Test
    void each_feed_is_chosen_only_if_it_is_enabled_itself() {
        assertThat(choose("resound.fleet.v1")).isEmpty();
        assertThat(Subprotocol.choose(List.of("resound.telemetry.v1, resound.fleet.v1"), Set.of(Subprotocol.FLEET)))
                .hasValue(Subprotocol.FLEET);
    }

    @Test
    void offers_are_split_at_commas_and_trimmed_and_empty_ones_are_ignored() {
        assertThat(Subprotocol.offered(List.of(" a ,b", ",c,"))).containsExactly("a", "b", "c");
    }

    private static Optional<Subprotocol> choose(String header) {
        return Subprotocol.choose(List.of(header), FEED);
    }
}
