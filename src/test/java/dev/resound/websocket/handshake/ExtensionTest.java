package dev.resound.websocket.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.test.SmallStack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 section 9.1. */
class ExtensionTest {

    private static Extension extension(String name, Map<String, String> parameters) {
        return new Extension(name, parameters, false);
    }

    @Test
    void without_a_header_there_are_no_offers() {
        assertThat(Extension.parse(List.of())).contains(List.of());
    }

    @Test
    void offers_keep_the_order_of_the_client_over_all_headers() {
        assertThat(Extension.parse(List.of("a, b;x", "c")))
                .contains(List.of(extension("a", Map.of()), extension("b", Map.of("x", "")), extension("c", Map.of())));
    }

    @Test
    void parameters_have_no_value_a_token_or_a_quoted_token() {
        assertThat(Extension.parse(List.of("a; x ;y = 1;z=\"2\\3\"")))
                .contains(List.of(extension("a", Map.of("x", "", "y", "1", "z", "23"))));
    }

    @Test
    void a_repeated_parameter_is_reported() {
        assertThat(Extension.parse(List.of("a; x; x=1")).orElseThrow())
                .singleElement()
                .matches(Extension::repeated);
    }

    @Test
    void empty_elements_are_ignored() {
        assertThat(Extension.parse(List.of(",\t, a ,,b; x , ", ",", "", "c")))
                .contains(List.of(extension("a", Map.of()), extension("b", Map.of("x", "")), extension("c", Map.of())));
    }

    @Test
    void headers_without_an_offer_are_malformed() {
        assertThat(Extension.parse(List.of("", " , ,"))).isEmpty();
    }

    /** Each of these recursed, or could recurse, in a parser based on regular expressions. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x; y=\"{a}\"",
                "x; y=\"{\\a}\"",
                "x; y=\"{a}",
                "x; y=\"{\\}",
                "x; y={a}",
                "{a}",
                "{a,}",
                "{,}",
                "{ }",
                "{,\t}a",
                "x{;a}",
                "x{; a=\"b\"}",
                "x{; a = b}, y",
                "x;{ }y",
                "x;y={ }\"{z}\"",
                "{\"}",
                "{\\}",
                "{=}",
                "{;}",
            })
    void any_eight_kilobytes_are_parsed_on_a_small_stack(String form) throws InterruptedException {
        int open = form.indexOf('{');
        String repeated = form.substring(open + 1, form.indexOf('}', open));
        String header = form.replace("{" + repeated + "}", repeated.repeat(8192 / repeated.length()))
                .replace("{", "")
                .replace("}", "");
        SmallStack.run(() -> Extension.parse(List.of(header, header)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "a;",
                "a;;b",
                "a b",
                "a=1",
                "a; =1",
                "a; x=",
                "a; x=\"\"",
                "a; x=\"1 2\"",
                "a; x=\"1",
                "a; x=\"1\\",
                "a; x=\"1\\\"",
                "a; x=\"1\"2",
                "a, b;",
                "a; x=\",b",
                "a; x=1 2",
                "a\u000b",
                "a(b)",
                "ä"
            })
    void a_malformed_header_is_rejected(String header) {
        assertThat(Extension.parse(List.of(header))).isEmpty();
    }
}
