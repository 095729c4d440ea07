package dev.resound.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code conf/resound.yaml} shows every key with its default. */
class ShippedFileTest {

    private final Findings findings = new Findings();
    private String text = "";

    @BeforeEach
    void read() throws IOException {
        text = Files.readString(ConfigurationFile.USUAL);
        YamlText.read("conf/resound.yaml", text, findings);
    }

    @Test
    void it_holds_every_key_and_no_other_in_the_order_of_the_code() {
        assertThat(findings.problems()).isEmpty();
        assertThat(findings.entries())
                .extracting(Entry::path)
                .containsExactlyElementsOf(Keys.all().stream().map(Key::path).toList());
    }

    @Test
    void each_value_is_the_default_of_the_code_in_its_shortest_form() {
        assertThat(findings.entries()).allSatisfy(entry -> {
            Key key = Keys.find(entry.path()).orElseThrow();
            assertThat(Notation.parse(key.type(), entry.given())).contains(key.fallback());
            if (entry.given() instanceof Given.Text(String written)) {
                assertThat(written).isEqualTo(Notation.format(key.fallback()));
            }
        });
    }

    @Test
    void each_key_has_one_comment_which_says_whether_a_change_is_taken_up_live() {
        List<String> lines = text.lines().toList();
        assertThat(findings.entries()).allSatisfy(entry -> {
            Key key = Keys.find(entry.path()).orElseThrow();
            int line = IntStream.range(0, lines.size())
                    .filter(i -> entry.origin().endsWith(" line " + (i + 1)))
                    .findFirst()
                    .orElseThrow();
            assertThat(lines.get(line - 1).strip()).startsWith("# ");
            assertThat(lines.get(line - 2).strip()).doesNotStartWith("#");
            assertThat(lines.get(line - 1).endsWith(" (live)")).isEqualTo(key.live());
        });
    }
}
