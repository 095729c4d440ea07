package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubprotocolTest {

    @Test
    void the_first_offer_that_is_known_is_chosen() {
        assertThat(choose("chat, resound.telemetry.v1, resound.echo.v1")).hasValue(Subprotocol.TELEMETRY);
        assertThat(Subprotocol.choose(List.of("chat", "resound.echo.v1"), true)).hasValue(Subprotocol.ECHO);
    }

    @Test
    void without_an_offer_that_is_known_there_is_none() {
        assertThat(Subprotocol.choose(List.of(), true)).isEmpty();
        assertThat(choose("chat")).isEmpty();
        assertThat(choose("Resound.Echo.V1")).isEmpty();
    }

    @Test
    void the_feed_is_not_chosen_where_it_is_off() {
        assertThat(Subprotocol.choose(List.of("resound.telemetry.v1, resound.echo.v1"), false))
                .hasValue(Subprotocol.ECHO);
    }

    @Test
    void offers_are_split_at_commas_and_stripped_and_empty_ones_are_none() {
        assertThat(Subprotocol.offered(List.of(" a ,b", ",c,"))).containsExactly("a", "b", "c");
    }

    private static Optional<Subprotocol> choose(String header) {
        return Subprotocol.choose(List.of(header), true);
    }
}
