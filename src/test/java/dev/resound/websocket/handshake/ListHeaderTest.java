package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 9110 section 5.6. */
class ListHeaderTest {

    private static final String TOKEN_CHARACTERS =
            "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    @Test
    void a_token_consists_only_of_the_characters_in_the_rfc() {
        for (char c = 0; c < 256; c++) {
            boolean expected = TOKEN_CHARACTERS.indexOf(c) >= 0;
            assertThat(ListHeader.isToken(String.valueOf(c))).as("%d", (int) c).isEqualTo(expected);
            assertThat(ListHeader.isToken("a" + c)).as("a and %d", (int) c).isEqualTo(expected);
        }
        assertThat(ListHeader.isToken("")).isFalse();
    }

    @Test
    void elements_are_separated_by_commas_and_trimmed_and_not_empty() {
        assertThat(ListHeader.elements(List.of(" a ,\tb\t", "c,,d e,", " ", "", " , \t,", ",f")))
                .containsExactly("a", "b", "c", "d e", "f");
    }

    @Test
    void only_space_and_tab_are_whitespace() {
        assertThat(ListHeader.elements(List.of("a\u000b,\u00a0b"))).containsExactly("a\u000b", "\u00a0b");
    }
}
