package dev.resound.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DerivedTest {

    private int made;
    private final Derived<List<String>, String> joined = new Derived<>(words -> {
        made++;
        return String.join(" ", words);
    });

    @Test
    void it_is_made_once_for_as_long_as_the_source_stays_equal() {
        assertThat(joined.from(List.of("a", "b"))).isEqualTo("a b");
        assertThat(joined.from(List.of("a", "b"))).isEqualTo("a b");
        assertThat(made).isEqualTo(1);
    }

    @Test
    void it_follows_a_change_of_the_source() {
        joined.from(List.of("a"));
        assertThat(joined.from(List.of("b"))).isEqualTo("b");
        assertThat(joined.from(List.of("a"))).isEqualTo("a");
    }
}
