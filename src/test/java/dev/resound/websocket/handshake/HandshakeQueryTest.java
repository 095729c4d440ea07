package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.websocket.handshake.HandshakeQuery.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeQueryTest {

    @ParameterizedTest
    @CsvSource({
        "a,                 a,          ''",
        "a=,                a,          ''",
        "a=b,               a,          b",
        "a=b=c,             a,          b=c",
        "close=1011%405s,   close,      1011@5s",
        "half-close%405s=,  half-close@5s, ''",
        "%61=%2f,           a,          /",
        "a=%,               a,          %",
        "a=%4,              a,          %4",
        "a=%zz,             a,          %zz",
        "a=%0d%0a,          a,          %0d%0a",
        "a=%20,             a,          %20",
        "a=%ff,             a,          %ff",
        "a=+,               a,          +",
        "=,                 '',         ''",
    })
    void a_parameter_is_decoded_if_the_result_is_visible_ascii(String query, String name, String value) {
        assertThat(HandshakeQuery.parse(query).parameters()).containsExactly(new Parameter(name, value));
    }

    @Test
    void an_absent_or_empty_query_has_no_parameters() {
        assertThat(HandshakeQuery.parse(null).parameters()).isEmpty();
        assertThat(HandshakeQuery.parse("").parameters()).isEmpty();
    }

    @Test
    void the_parameters_after_the_last_one_of_a_name_are_separate() {
        HandshakeQuery query = HandshakeQuery.parse("a=1&explain&a=2&explain=x&a=3&a=4");
        assertThat(query.all("a")).containsExactly("1", "2", "3", "4");
        assertThat(query.after("explain").all("a")).containsExactly("3", "4");
        assertThat(query.after("other").parameters()).isEmpty();
    }
}
