package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resound.config.ParsedSources.RawSetting;
import dev.resound.config.ParsedSources.RawValue;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is no YAML, or no settings, is refused in one line that says where. */
class YamlTextTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http: { port: 80                | f.yaml line 1 column 17 is not YAML: expected ',' or '}', but got <stream end>
            'http:\n  port: 1\n port: 2'    | f.yaml line 3 column 2 is not YAML: expected <block end>, but found '<block mapping start>'
            'http:\n\tport: 1'              | f.yaml line 2 column 1 is not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)
            'http: *other'                  | f.yaml line 1 column 7 is not YAML: found undefined alias other
            'a: 1\n---\nb: 2'               | f.yaml line 2 column 1 is not YAML: but found another document
            '- http\n- port'                | f.yaml line 1 column 1 must be keys with values, as in http: { port: 8080 }
            just words                      | f.yaml line 1 column 1 must be keys with values, as in http: { port: 8080 }
            '\n [a]: b'                     | f.yaml line 2 column 2 must have text for a key
            'http:\n  port: 1\n  port: 2'   | f.yaml line 3 column 3 repeats the key http.port, first in line 2
            'http.port: 1\nhttp: {port: 1}' | f.yaml line 2 column 8 repeats the key http.port, first in line 1
            'http:\n  port: \u0007'         | f.yaml line 2 column 9 is not YAML: it holds the character U+0007
            'http:\n  host: \ufffd'         | f.yaml line 2 column 9 is not UTF-8
            '\ufffd'                        | f.yaml line 1 column 1 is not UTF-8
            '\n  \n'                        | f.yaml is empty
            'a: &a [1]\nb: *a'              | f.yaml is not YAML: Number of aliases for non-scalar nodes exceeds the specified max=0
            """)
    void what_is_wrong_with_a_file_is_said_with_its_place(String text, String report) {
        assertThat(read(text.translateEscapes()).problems())
                .extracting(ConfigurationProblem::toString)
                .containsExactly(report);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: &a [*a]", "a: &a { b: *a }"})
    void a_circle_of_references_is_refused(String text) {
        assertThat(read(text).problems()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"# all commented out", "---", "{}", "~"})
    void a_file_may_say_nothing(String text) {
        ParsedSources parsed = read(text);

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.settings()).isEmpty();
    }

    @Test
    void the_first_of_two_equal_keys_is_read_and_the_second_is_not() {
        assertThat(read("http.port: 1\nhttp.port: 2").settings())
                .containsExactly(new RawSetting("http.port", new RawValue.Text("1"), "f.yaml line 1"));
    }

    @Test
    void an_unknown_key_of_up_to_200_characters_is_read_as_a_section() {
        String longest = "a".repeat(200);
        assertThat(read("? " + longest + "\n: { b: 1 }").settings())
                .extracting(RawSetting::path)
                .containsExactly(longest + ".b");
        assertThat(read("? " + longest + "a\n: { b: 1 }").settings())
                .extracting(RawSetting::path)
                .containsExactly(longest + "a");
    }

    @Test
    void a_list_is_shown_by_its_first_ten_entries() {
        List<String> ten = Collections.nCopies(10, "x");
        assertThat(new RawValue.Items(ten).shown()).isEqualTo("[\"x\"" + ", \"x\"".repeat(9) + "]");
        assertThat(new RawValue.Items(Collections.nCopies(11, "x")).shown())
                .isEqualTo("[\"x\"" + ", \"x\"".repeat(9) + ", ...]");
    }

    @Test
    void a_byte_order_mark_does_no_harm() {
        assertThat(read("\ufeffhttp: { port: 1 }").settings())
                .containsExactly(new RawSetting("http.port", new RawValue.Text("1"), "f.yaml line 1"));
    }

    private static ParsedSources read(String text) {
        var parsed = new ParsedSources();
        YamlText.read("f.yaml", text, parsed);
        return parsed;
    }
}
